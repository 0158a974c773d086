import type { ComponentChildren } from 'preact';
import { Badge, type Tone } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import { countText, deliveriesText } from './labels.js';
import type { EndpointView } from './view.js';

const disabledReasons = {
  gone: 'its receiver answered 410',
  failing: 'nothing was delivered for five days',
};

const tones: Record<EndpointView['health']['status'], Tone> = {
  new: 'info',
  healthy: 'good',
  failing: 'warn',
  paused: 'bad',
  disabled: 'neutral',
};

export function EndpointBadge({ endpoint: { health, disabled_reason } }: { endpoint: EndpointView }) {
  return <Badge tone={disabled_reason === null ? tones[health.status] : 'bad'}>{health.status}</Badge>;
}

/** A few words, for a table row. */
export function ShortStatus({ endpoint }: { endpoint: EndpointView }): ComponentChildren {
  const { health, breaker, disabled_reason } = endpoint;
  switch (health.status) {
    case 'disabled':
      return disabled_reason === null ? 'by hand' : disabledReasons[disabled_reason];
    case 'paused':
      return (
        <>
          {countText(breaker.parked)} parked, <NextProbe at={breaker.nextProbeAt} />
        </>
      );
    case 'failing':
      return `${health.consecutive_failures} failed in a row`;
    case 'new':
      return 'nothing sent yet';
    case 'healthy':
      return health.pending === 0 ? '' : `${deliveriesText(health.pending)} pending`;
  }
}

/** The status in sentences, with what happens next. */
export function StatusText({ endpoint }: { endpoint: EndpointView }): ComponentChildren {
  const { health, breaker, disabled_reason, disabledAt } = endpoint;
  switch (health.status) {
    case 'disabled':
      return (
        <>
          Disabled
          {disabledAt && (
            <>
              {' '}
              <Time at={disabledAt} />
            </>
          )}
          {disabled_reason === null ? ' by hand' : `: ${disabledReasons[disabled_reason]}`}. Nothing is sent until it is
          enabled. Events that it misses can be recovered then.
        </>
      );
    case 'paused':
      return (
        <>
          {`${health.consecutive_failures} attempts in a row have failed. `}
          {breaker.parked === 0
            ? 'New deliveries are parked'
            : `${deliveriesText(breaker.parked)} ${breaker.parked === 1 ? 'is' : 'are'} parked in order`}
          , and the oldest one is sent as a probe: <NextProbe at={breaker.nextProbeAt} />. When a probe succeeds, all of
          them are sent. After five days without success, the endpoint is disabled.
        </>
      );
    case 'failing':
      return (
        <>
          {health.consecutive_failures === 1
            ? '1 attempt has failed'
            : `${health.consecutive_failures} attempts in a row have failed`}
          {breaker.failingSince && (
            <>
              {' since '}
              <Time at={breaker.failingSince} />
            </>
          )}
          . Each delivery is retried on its own schedule. After ten failures in a row over at least a minute, the
          endpoint is paused and probed.
        </>
      );
    case 'new':
      return 'Nothing was sent yet. Send a test, or wait for the first event of its types.';
    case 'healthy':
      return (
        <>
          Deliveries succeed
          {health.last_success_at !== null && (
            <>
              ; the last one was <Time at={new Date(health.last_success_at)} />
            </>
          )}
          . {health.pending === 0 ? 'None are pending.' : `${deliveriesText(health.pending)} pending.`}
        </>
      );
  }
}

function NextProbe({ at }: { at: Date | null }) {
  if (at === null || at.getTime() <= Date.now()) return <>probing now</>;
  return (
    <>
      next probe <Time at={at} />
    </>
  );
}
