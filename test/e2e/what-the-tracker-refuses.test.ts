import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest } from '../support/factories.js';
import { webhookSecret } from '../support/product.js';
import { makeLinked, useTracked, threadOf } from './support/tracked.js';

const running = useTracked();
beforeEach(() => running.tracker.always(null));

const admin = () => running.api.admin;
const linkOf = async (path: string) => (await admin().get(`${path}/ticket`)).body;
const ticketsOf = (linkId: string) => running.tracker.tickets().filter((ticket) => ticket.linkId === linkId);
const sent = (linkId: string) =>
  running.tracker
    .requests()
    .filter(({ event, outcome }) => event?.ticket.link_id === linkId && outcome === 'served')
    .map(({ event }) => event?.comment?.body ?? event?.event);
const refuse = (message: string, event: string, times = 1) =>
  running.tracker.misbehave({ kind: 'status', status: 400, body: { message } }, { event, times });

async function refusedCreate(message = 'Project OPS is archived') {
  refuse(message, 'ticket.create');
  const request = await makeEvidenceRequest(admin(), running.org.path);
  const answer = await admin().post(`${request.path}/ticket`);
  return { ...request, answer, link: await linkOf(request.path) };
}

describe('a ticket that the tracker refuses', () => {
  it('is answered with 502 in its words, without secrets, and kept as an error', async () => {
    const path = new URL(running.tracker.url).pathname;
    const message = `Project OPS is archived; called ${path} with ${webhookSecret}, Authorization: Bearer abc123def456`;
    const { answer, link } = await refusedCreate(message);
    expect(answer).toMatchObject({ status: 502, body: { code: 'provider_error' } });
    expect(answer.body.detail).toContain('Project OPS is archived');
    expect(link).toMatchObject({ state: 'open', sync_state: 'error', external_id: null });
    expect(link.last_error).toContain('Project OPS is archived');
    for (const secret of [webhookSecret, path, 'abc123def456']) {
      expect(JSON.stringify([answer.body, link])).not.toContain(secret);
    }
    expect(ticketsOf(link.id)).toHaveLength(0);
  });

  it('is tried again by asking for it again: the same link, and what was said meanwhile behind it, in order', async () => {
    const { path, link } = await refusedCreate();
    const comments = [];
    for (const body of ['First', 'Second']) comments.push(await admin().post(`${path}/comments`, { body }));
    expect(comments.map(({ status, body }) => [status, body.sync_state])).toEqual([
      [201, 'pending'],
      [201, 'pending'],
    ]);
    refuse('Still archived', 'ticket.create');
    const again = await admin().post(`${path}/ticket`);
    expect(again).toMatchObject({ status: 502, body: { code: 'provider_error' } });
    expect(await linkOf(path)).toMatchObject({ id: link.id, sync_state: 'error' });
    expect((await linkOf(path)).last_error).toContain('Still archived');

    const made = await admin().post(`${path}/ticket`);
    expect(made).toMatchObject({ status: 201, body: { id: link.id, sync_state: 'synced', last_error: null } });
    await admin().post(`${path}/comments`, { body: 'Third' });
    expect(sent(link.id)).toEqual(['ticket.create', 'First', 'Second', 'Third']);
    expect(await threadOf(admin(), path)).toEqual(['First', 'Second', 'Third']);
    expect(ticketsOf(link.id)).toHaveLength(1);
    expect((await admin().post(`${path}/ticket`)).status).toBe(409);
  });

  it('is tried again with the text of now', async () => {
    const { path, link } = await refusedCreate('The title is too vague');
    await admin().patch(path, { title: 'Access logs of May 2026' });
    expect((await admin().post(`${path}/ticket`)).status).toBe(201);
    expect(ticketsOf(link.id)).toMatchObject([{ title: 'Access logs of May 2026' }]);
  });

  it('and was closed meanwhile is made and closed when it is asked for again', async () => {
    const { path, link } = await refusedCreate();
    const closing = await admin().post(`${path}/ticket/close`);
    expect(closing).toMatchObject({ status: 200, body: { state: 'closed', sync_state: 'error' } });
    expect((await admin().post(`${path}/ticket`)).status).toBe(201);
    const closed = await eventually(
      () => linkOf(path),
      (one) => one.sync_state === 'synced',
    );
    expect(closed.state).toBe('closed');
    expect(ticketsOf(link.id)).toMatchObject([{ state: 'closed', closes: 1 }]);
  });

  it('and was unlinked is forgotten: the next one is another link', async () => {
    const { path, link } = await refusedCreate();
    expect((await admin().del(`${path}/ticket`)).status).toBe(204);
    const made = await admin().post(`${path}/ticket`);
    expect(made.status).toBe(201);
    expect(made.body.id).not.toBe(link.id);
  });
});

describe('a comment that the tracker refuses', () => {
  it('is answered with 502 and stays in the thread as an error, and later ones still go', async () => {
    const { path, link } = await makeLinked(admin(), running.org.path);
    await admin().post(`${path}/comments`, { body: 'Before' });
    refuse('Comments may have no links', 'ticket.comment');
    const refused = await admin().post(`${path}/comments`, { body: 'https://example.org' });
    expect(refused).toMatchObject({ status: 502, body: { code: 'provider_error' } });
    expect(refused.body.detail).toContain('Comments may have no links');
    expect(await linkOf(path)).toMatchObject({ sync_state: 'error', external_id: link.external_id });

    const later = await admin().post(`${path}/comments`, { body: 'After' });
    expect(later).toMatchObject({ status: 201, body: { sync_state: 'synced' } });
    expect(await linkOf(path)).toMatchObject({ sync_state: 'synced', last_error: null });
    const thread = (await admin().get(`${path}/comments`)).body.data as Record<string, unknown>[];
    expect(thread.map(({ body, sync_state }) => [body, sync_state])).toEqual([
      ['Before', 'synced'],
      ['https://example.org', 'error'],
      ['After', 'synced'],
    ]);
    expect(thread[1]?.external_comment_id).toBeNull();
    expect(running.tracker.comments(link.external_id).map(({ body }) => body)).toEqual(['Before', 'After']);
  });
});

describe('a closing that the tracker refuses', () => {
  const refusedClosing = async () => {
    const linked = await makeLinked(admin(), running.org.path);
    refuse('A resolution is required', 'ticket.close');
    const refused = await admin().post(`${linked.path}/ticket/close`);
    expect(refused).toMatchObject({ status: 502, body: { code: 'provider_error' } });
    expect(await linkOf(linked.path)).toMatchObject({ state: 'closed', sync_state: 'error' });
    return linked;
  };

  it('is tried again by closing again, and then told once', async () => {
    const { path, link } = await refusedClosing();
    const closed = { status: 200, body: { state: 'closed', sync_state: 'synced', last_error: null } };
    expect(await admin().post(`${path}/ticket/close`)).toMatchObject(closed);
    expect(await admin().post(`${path}/ticket/close`)).toMatchObject(closed);
    expect(ticketsOf(link.id)).toMatchObject([{ state: 'closed', closes: 1 }]);
  });

  it('shows, and is tried again, also when a comment went through in between', async () => {
    const { path, link } = await refusedClosing();
    expect((await admin().post(`${path}/comments`, { body: 'Resolved by Ann' })).status).toBe(201);
    const still = {
      state: 'closed',
      sync_state: 'error',
      last_error: expect.stringContaining('A resolution is required'),
    };
    expect(await linkOf(path)).toMatchObject(still);
    expect((await admin().post(`${path}/ticket/close`)).status).toBe(200);
    expect(ticketsOf(link.id)).toMatchObject([{ state: 'closed', closes: 1 }]);
  });
});

describe('closing at once', () => {
  it('five times closes the tracker’s ticket once', async () => {
    const { path, link } = await makeLinked(admin(), running.org.path);
    const answers = await Promise.all(Array.from({ length: 5 }, () => admin().post(`${path}/ticket/close`)));
    expect(answers.map(({ status, body }) => [status, body.state])).toEqual(Array(5).fill([200, 'closed']));
    expect(ticketsOf(link.id)).toMatchObject([{ state: 'closed', closes: 1 }]);
  });
});

describe('a tracker that gives an id that another ticket has', () => {
  it('leaves the link in error, and the other ticket as it is', async () => {
    const first = await makeLinked(admin(), running.org.path);
    running.tracker.misbehave({ kind: 'answer', body: { external_id: first.link.external_id } });
    const request = await makeEvidenceRequest(admin(), running.org.path);
    const refused = await admin().post(`${request.path}/ticket`);
    expect(refused).toMatchObject({ status: 502, body: { code: 'provider_error' } });
    const link = await linkOf(request.path);
    expect(link).toMatchObject({ sync_state: 'error', external_id: null });
    expect(link.last_error).toContain('external_id_taken');
    expect(await linkOf(first.path)).toMatchObject({ id: first.link.id, external_id: first.link.external_id });
    // It is free again once the other one is unlinked.
    await admin().del(`${first.path}/ticket`);
    running.tracker.misbehave({ kind: 'answer', body: { external_id: first.link.external_id } });
    expect(await admin().post(`${request.path}/ticket`)).toMatchObject({
      status: 201,
      body: { id: link.id, external_id: first.link.external_id },
    });
  });
});
