import { Pool } from 'undici';
import type { BenchProduct } from '../stack.js';

export interface Page {
  data: { id: string }[];
  next_cursor: string | null;
}

/** Calls of a product's API, over connections that stay. Each throws unless it is answered as it should be. */
export interface EscalationClient {
  makeOrg: (org: string, routing: object) => Promise<void>;
  /** @param query such as `status=open` */
  list: (org: string, query: string) => Promise<Page>;
  /** All of an org's, newest first. */
  ids: (org: string) => Promise<string[]>;
  show: (org: string, id: string) => Promise<void>;
  act: (org: string, id: string, what: 'claim' | 'release') => Promise<void>;
  /** @param body of `POST /events`, already JSON: what is measured is the answer */
  send: (org: string, body: string) => Promise<void>;
  close: () => Promise<void>;
}

/** More than are ever called at once. */
const connections = 20;

/** From this risk on, in the order in which they are asked. */
const policies = [
  { severity: 'critical', from: 90 },
  { severity: 'high', from: 70 },
  { severity: 'medium', from: 50 },
  { severity: 'low', from: 30 },
].map(({ severity, from }) => ({ name: `Risk of ${from} and more`, severity, match: { risk: { $gte: from } } }));

export function createEscalationClient({ url, adminKey }: BenchProduct): EscalationClient {
  const pool = new Pool(url, { connections });
  const headers = { authorization: `Bearer ${adminKey}` };

  async function call(method: 'GET' | 'POST' | 'PUT', path: string, status: number, body?: string): Promise<unknown> {
    const response = await pool.request({
      method,
      path: `/api/v1/orgs${path}`,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: body ?? null,
    });
    const text = await response.body.text();
    if (response.statusCode !== status)
      throw new Error(`${method} ${path} was answered ${response.statusCode}: ${text}`);
    return JSON.parse(text);
  }

  const list: EscalationClient['list'] = async (org, query) =>
    (await call('GET', `/${org}/escalations?${query}`, 200)) as Page;

  return {
    async makeOrg(org, routing) {
      await call('POST', '', 201, JSON.stringify({ id: org, name: 'Benchmark' }));
      await call('PUT', `/${org}/escalation-policies`, 200, JSON.stringify({ policies }));
      await call('PUT', `/${org}/escalation-routing`, 200, JSON.stringify(routing));
    },
    list,
    async ids(org) {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Page = await list(org, `limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
        ids.push(...page.data.map(({ id }) => id));
        cursor = page.next_cursor;
      }
      return ids;
    },
    async show(org, id) {
      await call('GET', `/${org}/escalations/${id}`, 200);
    },
    async act(org, id, what) {
      await call('POST', `/${org}/escalations/${id}/${what}`, 200);
    },
    async send(org, body) {
      await call('POST', `/${org}/events`, 202, body);
    },
    close: () => pool.close(),
  };
}
