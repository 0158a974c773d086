import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { evidenceRequestRoutes } from '../../src/evidence-requests/routes.js';
import { createEvidenceRequestService, type EvidenceRequestService } from '../../src/evidence-requests/service.js';
import { evidenceStatuses } from '../../src/integrations/evidence-status.js';
import { linkExample, type Link } from '../../src/tickets/links/schema.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { dataOf, type Api } from '../support/http.js';

const ticketOf = vi.fn((_org: string, _ids: string[]) => Promise.resolve(new Map<string, Link>()));
let app: TestApp;
let service: EvidenceRequestService;
let org: string;
let path: string;
let key: Api;
beforeAll(async () => {
  app = await startTestApp({
    routes: ({ models }) => {
      service = createEvidenceRequestService({ evidenceRequests: models.evidenceRequests });
      return evidenceRequestRoutes({ evidenceRequestService: service, ticketOf });
    },
  });
  org = await app.newOrg();
  path = `/orgs/${org}/evidence-requests`;
  key = await app.keyOf(org, ['configure']);
});
afterAll(() => app.close());

describe('evidence requests', () => {
  it('are made with a title alone', async () => {
    const { status, body } = await key.post(path, { title: 'Access review' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^er_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      org_id: org,
      title: 'Access review',
      description: '',
      due_at: null,
      assignee: null,
      control_refs: [],
      status: 'open',
      ticket: null,
      created_at: expect.stringMatching(/\.\d{3}Z$/) as string,
      updated_at: body.created_at as string,
    });
    expect((await key.get(`${path}/${String(body.id)}`)).body).toEqual(body);
  });

  it('keep all their fields as they were given', async () => {
    const input = {
      title: '$where: {{x}} <b>',
      description: 'a\n\u0000b 🦆',
      due_at: '2026-05-01T12:00:00+02:00',
      assignee: 'ada',
      control_refs: ['SOC2 CC6.1', 'ISO A.9'],
      status: 'submitted',
    };
    const { body } = await key.post(path, input);
    expect((await key.get(`${path}/${String(body.id)}`)).body).toMatchObject({
      ...input,
      due_at: '2026-05-01T10:00:00.000Z',
    });
  });

  it.each([
    [{}],
    [{ title: '' }],
    [{ title: 'x'.repeat(501) }],
    [{ title: 'x', description: 'x'.repeat(32_001) }],
    [{ title: 'x', due_at: '2026-05-01' }],
    [{ title: 'x', status: 'done' }],
    [{ title: 'x', control_refs: 'SOC2' }],
    [{ title: 'x', ticket: null }],
    [{ title: 'x', id: 'er_1' }],
    [{ title: { $ne: '' } }],
  ])('are refused as %j', async (input) => {
    expect((await key.post(path, input)).status).toBe(422);
  });

  it('may take any status after any', async () => {
    const { body } = await key.post(path, { title: 'A' });
    for (const from of evidenceStatuses) {
      for (const to of evidenceStatuses) {
        await key.patch(`${path}/${String(body.id)}`, { status: from });
        expect((await key.patch(`${path}/${String(body.id)}`, { status: to })).body.status).toBe(to);
      }
    }
  });

  it('change only in the fields that are sent', async () => {
    const made = (await key.post(path, { title: 'A', assignee: 'ada', due_at: '2026-05-01T10:00:00Z' })).body;
    const changed = (await key.patch(`${path}/${String(made.id)}`, { title: 'B', due_at: null })).body;
    expect(changed).toEqual({ ...made, title: 'B', due_at: null, updated_at: changed.updated_at as string });
    expect((await key.patch(`${path}/${String(made.id)}`, {})).body).toEqual(changed);
    expect((await key.patch(`${path}/${String(made.id)}`, { title: null })).status).toBe(422);
    expect((await key.patch(`${path}/er_01JAAAAAAAAAAAAAAAAAAAAAAA`, { title: 'B' })).status).toBe(404);
  });

  it('are listed newest first in pages, each with its ticket by one query', async () => {
    const other = await app.newOrg();
    const at = `/orgs/${other}/evidence-requests`;
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await app.admin.post(at, { title: `R${n}`, status: n % 2 ? 'closed' : 'open' });
      ids.unshift(body.id as string);
      // Within one millisecond there is no newer one.
      await sleep(2);
    }
    ticketOf.mockClear();
    ticketOf.mockImplementationOnce((_org, given) =>
      Promise.resolve(new Map([[given[0] ?? '', { ...linkExample, id: 'tkt_1' }]])),
    );
    const first = await app.admin.get(`${at}?limit=3`);
    expect(ticketOf.mock.calls).toEqual([[other, ids.slice(0, 3)]]);
    expect((first.body.data as { ticket: unknown }[]).map(({ ticket }) => ticket)).toEqual([
      { ...linkExample, id: 'tkt_1' },
      null,
      null,
    ]);
    const second = await app.admin.get(`${at}?limit=3&cursor=${String(first.body.next_cursor)}`);
    const listed = [...dataOf(first), ...dataOf(second)];
    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(second.body.next_cursor).toBeNull();
    expect((await app.admin.get(`${at}?status=closed`)).body.data).toHaveLength(2);
    expect((await app.admin.get(`${at}?status=done`)).status).toBe(422);
  });

  it('made twice under one id are one', async () => {
    const input = {
      title: 'A',
      description: '',
      due_at: null,
      assignee: null,
      control_refs: [],
      status: 'open' as const,
    };
    const id = 'er_01JBBBBBBBBBBBBBBBBBBBBBBB';
    const first = await service.create(org, id, input);
    expect((await service.create(org, id, { ...input, title: 'B' })).title).toBe(first.title);
  });
});
