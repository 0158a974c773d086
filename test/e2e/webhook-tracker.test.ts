import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeEvidenceRequest } from '../support/factories.js';
import type { FakeRequest } from '../support/fake-tracker.js';
import { api as client } from '../support/http.js';
import { publicUrl, webhookSecret } from '../support/product.js';
import { makeLinked, useTracked } from './support/tracked.js';

const running = useTracked();

const admin = () => running.api.admin;
const requestsOf = (linkId: string): FakeRequest[] =>
  running.tracker.requests().filter(({ event }) => event?.ticket.link_id === linkId);
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const hostile = 'Zugriff "prüfen" </script> \\ 🎫\n* $where `x`';

describe('what the tracker gets', () => {
  it('is the payload of the contract to the letter: compact, sorted, unescaped, signed over its bytes', async () => {
    const { org, api } = running;
    const key = await admin().post(`${org.path}/api-keys`, {
      name: 'Bot',
      permissions: ['configure'],
      acts_as: { id: 'u1', name: 'Bärbel "B"' },
    });
    const caller = client(`${api.url}/api/v1`, key.body.key as string);
    const { id, path, link } = await makeLinked(caller, org.path, { title: hostile, description: '{"a":"\u2028"}' });
    const comment = await caller.post(`${path}/comments`, { body: 'Wo? — 完了' });
    expect(comment.status).toBe(201);
    expect((await caller.post(`${path}/ticket/close`)).status).toBe(200);

    const got = requestsOf(link.id);
    expect(got.map(({ event }) => event?.event)).toEqual(['ticket.create', 'ticket.comment', 'ticket.close']);
    const [create, added, closed] = got;
    const expected = (request: FakeRequest | undefined, event: string, externalId: string, more = '') => {
      const { id: eventId, occurred_at } = request?.event ?? { id: '', occurred_at: '' };
      expect(occurred_at).toMatch(isoTime);
      const ticket = [
        `"description":${JSON.stringify('{"a":"\u2028"}')}`,
        `"external_id":"${externalId}","link_id":"${link.id}"`,
        `"metadata":{"actor":null,"gateway":null,"policy":null,"reason":null,"severity":null,"subject_id":"${id}","subject_type":"evidence_request"}`,
        `"severity":null,"title":${JSON.stringify(hostile)},"url":"${publicUrl}/evidence-requests/${id}"`,
      ].join(',');
      return `{${more}"event":"${event}","id":"${eventId}","occurred_at":"${occurred_at}","org_id":"${org.id}","ticket":{${ticket}}}`;
    };
    expect(create?.rawBody.toString()).toBe(expected(create, 'ticket.create', link.id));
    const sent = `"comment":{"author":${JSON.stringify('Bärbel "B"')},"body":"Wo? — 完了","id":"${comment.body.id}"},`;
    expect(added?.rawBody.toString()).toBe(expected(added, 'ticket.comment', link.external_id, sent));
    expect(closed?.rawBody.toString()).toBe(expected(closed, 'ticket.close', link.external_id));
    expect(new Set(got.map(({ event }) => event?.id)).size).toBe(3);
    for (const { headers, rawBody } of got) {
      const hex = createHmac('sha256', Buffer.from(webhookSecret, 'utf8')).update(rawBody).digest('hex');
      expect(headers['x-signature']).toBe(`sha256=${hex}`);
      expect(headers['content-type']).toBe('application/json');
    }
  });
});

describe('what the tracker answers', () => {
  const createWith = async (body: unknown, contentType?: string) => {
    const { tracker, org } = running;
    tracker.misbehave({ kind: 'answer', body, ...(contentType === undefined ? {} : { contentType }) });
    const request = await makeEvidenceRequest(admin(), org.path);
    return { request, created: await admin().post(`${request.path}/ticket`) };
  };

  it('overrides the id that we propose, and gives the ticket’s page', async () => {
    const { created } = await createWith({ external_id: 'OPS-7', external_url: 'https://tracker.example/t/7?a=b#c' });
    expect(created).toMatchObject({
      status: 201,
      body: { external_id: 'OPS-7', external_url: 'https://tracker.example/t/7?a=b#c', provider: 'webhook' },
    });
  });

  it.each([
    ['nothing', '', 'text/plain'],
    ['a text', 'ok', 'text/plain'],
    ['JSON without an id', '{"ok":true}', 'application/json'],
  ])('with %s leaves the id that we proposed, the link’s own', async (_, body, contentType) => {
    const { created } = await createWith(body, contentType);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ external_id: created.body.id, external_url: null });
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//tracker.example/7',
    'ftp://tracker.example/7',
    'https://user:password@tracker.example/7',
    ' https://tracker.example/7',
    5,
  ])('with the page %j shows none, and the ticket is made all the same', async (external_url) => {
    const { created } = await createWith({ external_url });
    expect(created).toMatchObject({ status: 201, body: { external_url: null } });
  });

  it('gives a comment its id there, by which a reply that repeats it is known', async () => {
    const { org, tracker } = running;
    const { path, link } = await makeLinked(admin(), org.path);
    const comment = await admin().post(`${path}/comments`, { body: 'Hello' });
    const there = tracker.comments(link.external_id)[0];
    expect(there).toMatchObject({ id: comment.body.id, body: 'Hello' });
    expect(comment.body).toMatchObject({ external_comment_id: there?.externalCommentId, echo: null });
  });
});
