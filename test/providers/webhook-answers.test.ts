import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comment, draft, options, ref } from './drafts.js';
import { openWebhook, type WebhookHarness } from './webhook-harness.js';

describe('webhook: what a 2xx answer may say', () => {
  let harness: WebhookHarness;
  beforeAll(async () => {
    harness = await openWebhook();
  });
  afterAll(() => harness.close());

  const createWith = (body: unknown, more: { status?: number; contentType?: string } = {}) => {
    harness.tracker.misbehave({ kind: 'answer', body, ...more });
    return harness.provider.create(draft({ linkId: 'tkt_ours' }), options());
  };
  const proposed = { externalId: 'tkt_ours', externalUrl: null, externalStatus: null };

  it.each([
    ['nothing', '', 204],
    ['an empty 200', '', 200],
    ['a text', 'ok', 202],
    ['an array', '["external_id"]', 200],
    ['null', 'null', 200],
    ['an empty object', {}, 201],
    ['HTML with 201', '<html>made</html>', 201],
  ])('keeps the proposed id on %s', async (_name, body, status) => {
    expect(await createWith(body, { status, contentType: 'text/plain' })).toEqual(proposed);
  });

  it.each([
    ['a text', 'SEC-1', 'SEC-1'],
    ['a number', 42, '42'],
    ['the longest', 'x'.repeat(255), 'x'.repeat(255)],
    ['one too long', 'x'.repeat(256), 'tkt_ours'],
    ['an empty one', '', 'tkt_ours'],
    ['spaces', '  ', 'tkt_ours'],
    ['a line break', 'SEC\n1', 'tkt_ours'],
    ['half a surrogate pair', '\ud800', 'tkt_ours'],
    ['an object', { id: 1 }, 'tkt_ours'],
    ['null', null, 'tkt_ours'],
    ['true', true, 'tkt_ours'],
  ])('takes %s as an external id only where it is one', async (_name, external_id, expected) => {
    expect((await createWith({ external_id })).externalId).toBe(expected);
  });

  it.each([
    ['https://tracker.example/T/1?x=1#top', true],
    ['http://tracker.example', true],
    ['javascript:alert(1)', false],
    ['ftp://tracker.example/1', false],
    ['//tracker.example/1', false],
    ['https://user:word@tracker.example/', false],
    ['https://tracker.example/\n1', false],
    ['https://[bad', false],
    [`https://tracker.example/${'x'.repeat(2048)}`, false],
    [7, false],
  ])('shows %s as a link only when it is http(s)', async (external_url, shown) => {
    expect((await createWith({ external_id: 'T-1', external_url })).externalUrl).toBe(shown ? external_url : null);
  });

  it('takes the id of a comment, and none where none is given', async () => {
    const of = draft();
    const { externalId } = await harness.provider.create(of, options());
    const push = () => harness.provider.comment(ref(of, externalId), comment(), options());
    expect((await push()).externalCommentId).toMatch(/^TRKC-\d+$/);
    harness.tracker.misbehave({ kind: 'answer', body: { external_comment_id: 9 } });
    expect(await push()).toEqual({ externalCommentId: '9', echo: null });
    harness.tracker.misbehave({ kind: 'answer', body: '', status: 204 });
    expect(await push()).toEqual({ externalCommentId: null, echo: null });
  });

  it('does not guess the id in JSON that is too large to read', async () => {
    harness.tracker.misbehave({ kind: 'huge', bytes: 50_000_000, store: true });
    const error = await harness.provider.create(draft(), options()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'answer_unreadable', retryable: false });
  });

  it('does not unpack a gzip bomb', async () => {
    harness.tracker.misbehave({ kind: 'gzip_bomb', bytes: 60_000_000, store: true });
    const error = await harness.provider.create(draft(), options()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'answer_unreadable', retryable: false });
  });

  it('reads JSON that was packed without being asked to', async () => {
    harness.tracker.misbehave({ kind: 'gzip_bomb', bytes: 0 });
    expect((await harness.provider.create(draft(), options())).externalId).toBe('PACKED-1');
  });
});
