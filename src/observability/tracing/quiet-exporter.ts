import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger.js';

const warnEveryMs = 60_000;

/** An exporter whose collector may be away: the spans are lost, and a line a minute says so. */
export function exportQuietly(exporter: SpanExporter, logger: Logger): SpanExporter {
  let lost = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;

  function lose(count: number): void {
    lost += count;
    if (performance.now() - warnedAt < warnEveryMs) return;
    warnedAt = performance.now();
    logger.warn({ spans: lost }, 'spans could not be sent to the OTLP collector, and are lost');
    lost = 0;
  }

  return {
    export: (spans, done) =>
      exporter.export(spans, ({ error, code }) => {
        // SUCCESS is 0.
        if (error !== undefined || code) lose(spans.length);
        // Without the error, which names the address; nobody listens to OpenTelemetry's own log.
        done({ code });
      }),
    shutdown: () => exporter.shutdown(),
  };
}
