import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createApi, type Api } from './api.js';
import type { Product } from './find.js';
import { openTracker, type Applied, type Tracker } from './replies.js';
import type { Screen } from './screen.js';

interface Comment {
  source: string;
  author: string;
  body: string;
  sync_state: string | null;
}

interface Link {
  provider: string;
  external_id: string | null;
  external_url: string | null;
  external_status: string | null;
  state: string;
  sync_state: string;
  workflow: { id: string; url: string | null };
}

interface Readiness {
  checks: { id: string; status: string; detail: string }[];
}

const maxPendingMs = 30_000;
const askEveryMs = 500;

/** The life of a ticket, from an org of its own to the closing. @throws Error at the first answer that is not as it should be */
export async function runStory(product: Product, screen: Screen): Promise<void> {
  screen.title(`Drawbridge at ${product.url}: the life of a ticket`);

  screen.step('An org, and a key that acts as a person');
  const org = `demo-${randomBytes(4).toString('hex')}`;
  const api = await requireOrgAccess(createApi(product.url, product.adminKey, screen), org, product, screen);
  const { body: readiness } = await api<Readiness>(get(`/orgs/${org}/setup/readiness`));
  for (const { status, detail } of readiness.checks) screen.note(`${status}: ${detail}`);
  const takesReplies = readiness.checks.some(({ id, status }) => id === 'ticket_replies' && status === 'ready');

  screen.step('An evidence request');
  const made = await api<{ id: string; title: string; status: string }>(
    post(`/orgs/${org}/evidence-requests`, 201, {
      title: 'Access review of the payment systems',
      description: 'Who had access in the last quarter, and who has confirmed it?',
      control_refs: ['SOC2 CC6.1'],
    }),
  );
  const request = `/orgs/${org}/evidence-requests/${made.body.id}`;
  screen.note(`“${made.body.title}” is ${made.body.status}.`);

  screen.step('Its ticket');
  const link = await openTicket(api, request, screen);

  screen.step('A comment, and what the tracker echoes');
  const comment = await api<Comment & { echo: Comment | null }>(
    post(`${request}/comments`, 201, { body: 'Could you send the export by Friday?' }),
  );
  for (const one of [comment.body, comment.body.echo]) if (one) screen.note(describeComment(one));

  screen.step('A signed reply of the tracker');
  const tracker = await openTracker(product, takesReplies, screen);
  try {
    await takeReplies(api, tracker, { request, externalId: link.external_id ?? '' }, screen);
  } finally {
    await tracker.close();
  }

  screen.step('The closing');
  const closed = await api<Link>(post(`${request}/ticket/close`, 200));
  screen.note(
    `${closed.body.state}; the tracker says ${closed.body.external_status ?? 'nothing'} (${closed.body.sync_state}).`,
  );

  await showEnd(api, request, closed.body, screen);
}

async function requireOrgAccess(admin: Api, org: string, product: Product, screen: Screen): Promise<Api> {
  await admin(post('/orgs', 201, { id: org, name: 'Demo' }));
  const key = await admin<{ key: string }>(
    post(`/orgs/${org}/api-keys`, 201, {
      name: 'demo',
      permissions: ['configure'],
      acts_as: { id: 'dana', name: 'Dana Fields' },
    }),
  );
  screen.note(`${org}; Dana Fields makes the calls that follow.`);
  return createApi(product.url, key.body.key, screen);
}

async function openTicket(api: Api, request: string, screen: Screen): Promise<Link> {
  const made = await api<Link>({ ...post(`${request}/ticket`, 201), expect: [201, 202] });
  if (made.status === 202) screen.note('Accepted; the tracker has not answered yet.');
  const giveUpAt = Date.now() + maxPendingMs;
  let link = made.body;
  while (link.external_id === null) {
    if (Date.now() > giveUpAt)
      throw new Error('The tracker has not made the ticket in half a minute; see its last_error.');
    await delay(askEveryMs);
    link = (await api<Link>(get(`${request}/ticket`))).body;
  }
  screen.note(`${link.provider} made ${screen.strong(link.external_id)}: ${link.state}, ${link.sync_state}.`);
  return link;
}

async function takeReplies(
  api: Api,
  tracker: Tracker,
  { request, externalId }: { request: string; externalId: string },
  screen: Screen,
): Promise<void> {
  const reply = {
    external_id: externalId,
    event_id: 'demo-event-1',
    comment: {
      external_comment_id: 'demo-reply-1',
      author: 'Ann of IT',
      body: 'The export is attached to the ticket.',
    },
  };
  const first = await tracker.send(reply);
  screen.note(describeApplied(first.body.applied));

  screen.step('The same reply again, as trackers do');
  const before = await thread(api, request);
  const again = await tracker.send(reply);
  const after = await thread(api, request);
  if (again.body.applied !== 'queued' && (again.body.applied.comment || after.length !== before.length)) {
    throw new Error('A redelivery was to change nothing, and did.');
  }
  screen.note(`${describeApplied(again.body.applied)} The thread has ${after.length} comments, as before.`);

  screen.step('A status from the tracker');
  const moved = await tracker.send({ external_id: externalId, event_id: 'demo-event-2', status: 'submitted' });
  screen.note(describeApplied(moved.body.applied));
  const { body } = await api<{ status: string }>(get(request));
  screen.note(`The evidence request is ${body.status}.`);
}

async function showEnd(api: Api, request: string, link: Link, screen: Screen): Promise<void> {
  screen.step('The thread, as both sides see it');
  for (const one of await thread(api, request)) screen.note(describeComment(one));
  screen.line();
  screen.title('Where to look');
  if (link.external_url !== null) screen.note(`The ticket    ${link.external_url}`);
  screen.note(`The workflow  ${link.workflow.url ?? `${link.workflow.id} (no TEMPORAL_UI_URL is set)`}`);
}

const get = (path: string) => ({ method: 'GET', path, expect: [200] }) as const;
const post = (path: string, status: number, body?: object) => ({
  method: 'POST' as const,
  path,
  expect: [status],
  ...(body === undefined ? {} : { body }),
});

const thread = async (api: Api, request: string) =>
  (await api<{ data: Comment[] }>(get(`${request}/comments`))).body.data;

function describeComment({ source, author, body, sync_state: state }: Comment): string {
  return `${source === 'internal' ? '→' : '←'} ${author}: ${body}${state === null ? '' : ` (${state})`}`;
}

function describeApplied(applied: Applied): string {
  if (applied === 'queued') return 'Verified and kept; it is applied as soon as the workflow is reached.';
  const parts = [...(applied.comment ? ['a comment'] : []), ...(applied.status ? ['a status'] : [])];
  return parts.length === 0 ? 'Nothing was applied: it is known.' : `Applied: ${parts.join(' and ')}.`;
}
