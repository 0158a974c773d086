import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowTracing } from '../../src/temporal/tracing/workflow-tracing.js';
import { leaks, makeCanaries, textsIn } from '../e2e/support/canaries.js';
import { openTrackedProcesses, type Tracked } from '../e2e/support/tracked.js';
import { temporalClient } from '../e2e/support/workflows.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { startFakeReceiver } from '../support/fake-receiver.js';
import type { ApiProcess, Process, ProductProcesses } from '../support/product-processes.js';
import { startFakeCollector, type CollectedSpan, type FakeCollector } from './support/fake-collector.js';

const { secrets, texts } = makeCanaries();
/** What an evidence request is made of. */
const ours = { title: texts.title, description: texts.description };
const traceId = '0af7651916cd43dd8448eb211c80319c';
const callersSpan = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${callersSpan}-01`;

let collector: FakeCollector;
let tracked: Tracked<ProductProcesses>;
let api: ApiProcess;
let worker: Process;
let org: { id: string; path: string };

beforeAll(async () => {
  collector = await startFakeCollector();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    EGRESS_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'debug',
  };
  tracked = await openTrackedProcesses(env, secrets.webhookSecret);
  [api, worker] = await Promise.all([tracked.product.startApi(), tracked.product.startWorker()]);
  org = await makeOrg(api.admin);
});
afterAll(async () => {
  await tracked.close();
  await collector.close();
});

const spansOf = (id: string) => collector.spans().filter((span) => span.traceId === id);
const named = (spans: readonly CollectedSpan[], name: string) => spans.filter((span) => span.name === name);

/** The one span of this name. */
function only(spans: readonly CollectedSpan[], name: string): CollectedSpan {
  const [span, ...others] = named(spans, name);
  if (!span || others.length > 0) throw new Error(`${named(spans, name).length} × ${name}: ${JSON.stringify(spans)}`);
  return span;
}

/** The complete lines that a process has logged in this trace. */
const linesOf = (one: Process) =>
  one
    .log()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{') && line.includes(traceId))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The spans of a ticket's creation, from the outermost to the innermost. */
const chainNames = [
  'POST /api/v1/orgs/{org}/evidence-requests/{id}/ticket',
  'wake ticket and wait',
  'workflow ticket: drainTicket',
  'activity drainTicket',
  'webhook create',
  'HTTP POST',
];

describe('the trace of a call', () => {
  let linkId: string;
  let spans: readonly CollectedSpan[];
  const temporal = temporalClient();
  const workflowId = () => `ticket/${org.id}/${linkId}`;

  beforeAll(async () => {
    const { path } = await makeEvidenceRequest(api.admin, org.path, ours);
    const headers = { traceparent, tracestate: `vendor=${secrets.queryToken}`, 'X-Request-Id': 'request-1' };
    const made = await api.admin.post(`${path}/ticket`, undefined, headers);
    expect(made.status).toBe(201);
    linkId = made.body.id as string;
    // Two processes export them in separate batches.
    spans = await eventually(
      () => Promise.resolve(spansOf(traceId)),
      (found) => chainNames.every((name) => named(found, name).length > 0),
    );
  });

  it('goes from the caller through API, workflow and activity to the call of the tracker, each under the one before', () => {
    const chain = chainNames.map((name) => only(spans, name));
    expect(chain.map(({ parentSpanId }) => parentSpanId)).toEqual([
      callersSpan,
      ...chain.slice(0, -1).map(({ spanId }) => spanId),
    ]);
    expect(chain.map(({ service }) => service)).toEqual([
      ...['drawbridge-api', 'drawbridge-api'],
      ...['drawbridge-worker', 'drawbridge-worker', 'drawbridge-worker', 'drawbridge-worker'],
    ]);
    expect(chain.filter(({ failed }) => failed)).toEqual([]);
  });

  it('says by ids and names of ours what each span is about', () => {
    const route = '/api/v1/orgs/{org}/evidence-requests/{id}/ticket';
    expect(only(spans, `POST ${route}`).attributes).toMatchObject({
      'http.route': route,
      'drawbridge.org_id': org.id,
      'drawbridge.request_id': 'request-1',
    });
    expect(only(spans, 'activity drainTicket').attributes).toMatchObject({
      'temporal.workflow_id': workflowId(),
      'temporal.workflow_type': 'ticket',
      'drawbridge.org_id': org.id,
    });
    expect(only(spans, 'webhook create').attributes).toMatchObject({
      'drawbridge.provider': 'webhook',
      'drawbridge.operation': 'create',
      'drawbridge.link_id': linkId,
    });
  });

  it('reaches the tracker as a traceparent, without the caller’s tracestate', () => {
    const [sent] = tracked.tracker.requests().filter(({ event }) => event?.ticket.link_id === linkId);
    expect(sent?.headers.traceparent).toBe(`00-${traceId}-${only(spans, 'HTTP POST').spanId}-01`);
    expect(sent?.headers.tracestate).toBeUndefined();
  });

  it('is on the lines of the log, in the API with the request’s id', async () => {
    await eventually(
      () => Promise.resolve(linesOf(api)),
      (lines) => lines.some(({ msg, request_id }) => msg === 'request' && request_id === 'request-1'),
    );
  });

  it('puts nothing but its numbers into Temporal, and its history replays with tracing and without', async () => {
    const client = await temporal();
    const history = await client.workflow.getHandle(workflowId()).fetchHistory();
    const text = textsIn(history).join('\n');
    expect(text).toContain(traceId);
    expect(text).not.toContain('request-1');
    expect(leaks(text, { ...secrets, ...texts })).toEqual([]);

    const dist = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));
    const failureConverterPath = dist('src/temporal/failure-converter.js');
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const replay = async (workflowBundle: ReplayWorkerOptions['workflowBundle']) => {
      const options = { workflowBundle, dataConverter: { failureConverterPath }, sinks: workflowTracing };
      for await (const { error } of Worker.runReplayHistories(options, [{ workflowId: workflowId(), history }])) {
        return error?.message ?? 'replayed';
      }
      return 'nothing';
    };
    expect(await replay({ codePath: dist('workflow-bundle.js') })).toBe('replayed');
    const workflowsPath = dist('workflows/index.js');
    expect(await replay(await bundleWorkflowCode({ workflowsPath, failureConverterPath, logger }))).toBe('replayed');
    // Bundling takes seconds, on a busy machine many.
  }, 120_000);
});

describe('spans', () => {
  const commentRoute = 'POST /api/v1/orgs/{org}/evidence-requests/{id}/comments';

  it('begin a trace of their own where the caller has none, and a later call is not taken for the first one’s', async () => {
    const { path } = await makeEvidenceRequest(api.admin, org.path, ours);
    await api.admin.post(`${path}/ticket`, undefined, { traceparent: 'rubbish' });
    await api.admin.post(`${path}/comments`, { body: texts.comment });
    const found = await eventually(
      () => Promise.resolve(collector.spans()),
      (all) => ['webhook comment', commentRoute].every((name) => named(all, name).length === 1),
    );
    const request = only(found, commentRoute);
    expect(request.parentSpanId).toBe('');
    expect(only(found, 'webhook comment').traceId).toBe(request.traceId);
  });

  it('say by a code what went wrong, try by try', async () => {
    tracked.tracker.misbehave({ kind: 'status', status: 503, body: { error: texts.trackerMessage } });
    const { path } = await makeEvidenceRequest(api.admin, org.path, ours);
    const made = await api.admin.post(`${path}/ticket`);
    expect(made.status).toBe(201);
    const tries = await eventually(
      () =>
        Promise.resolve(
          collector.spans().filter(({ attributes }) => attributes['drawbridge.link_id'] === made.body.id),
        ),
      (found) => found.length === 2,
    );
    expect(tries.map(({ failed, attributes }) => [failed, attributes['error.type']])).toEqual([
      [true, 'http_503'],
      [false, undefined],
    ]);
    const [first] = tries;
    const attempts = await eventually(
      () => Promise.resolve(named(spansOf(first?.traceId ?? ''), 'activity drainTicket')),
      (found) => found.length === 2,
    );
    expect(attempts.map(({ failed, attributes }) => [failed, Number(attributes['temporal.attempt'])])).toEqual([
      [true, 1],
      [false, 2],
    ]);
  });

  it('do not go to receivers of webhooks: what we do inside is not theirs to know', async () => {
    const receiver = await startFakeReceiver(null);
    const subscription = { url: receiver.url, events: ['config.deployed'] };
    expect((await api.admin.post(`${org.path}/webhooks`, subscription)).status).toBe(201);
    const event = { type: 'config.deployed', data: { config_id: texts.title } };
    await api.admin.post(`${org.path}/events`, event, { traceparent });
    await eventually(
      () => Promise.resolve(receiver.messages.length),
      (count) => count === 1,
    );
    await receiver.close();
    expect(Object.keys(receiver.requests[0]?.headers ?? {})).not.toContain('traceparent');
    expect(JSON.stringify(receiver.requests)).not.toContain(traceId);
  });

  it('are of a worker’s log too, where an activity says something', () => {
    const line = worker
      .log()
      .split('\n')
      .filter((one) => one.includes('"workflow_id"') && one.includes('"trace_id"'))
      .map((one) => JSON.parse(one) as Record<string, unknown>)
      .find(({ activity }) => activity === 'drainTicket');
    expect(line).toMatchObject({ workflow_type: 'ticket', org_id: org.id, attempt: 1 });
  });

  it('hold no secret, no text of people, no address and no path', () => {
    const sent = collector.received();
    expect(leaks(sent, { ...secrets, ...texts })).toEqual([]);
    expect(sent).not.toContain(tracked.tracker.url);
    expect(sent).not.toContain('/hooks/');
    expect(sent).not.toMatch(/node_modules|\/src\/|at \w+ \(/);
  });

  it('leave out what is asked every few seconds', async () => {
    const path = '/healthz';
    expect((await fetch(`${api.url}${path}`)).status).toBe(200);
    expect(collector.received()).not.toContain(path);
  });
});
