import { Pool } from 'undici';
import { signBody } from '../../src/lib/signature.js';
import type { BenchProduct } from '../stack.js';

export interface TicketClient {
  /** Makes evidence requests. @returns their paths */
  evidenceRequests: (count: number) => Promise<string[]>;
  /** @returns the ticket's external id */
  create: (path: string) => Promise<string>;
  /** Creates, comments, takes a signed reply and closes. */
  live: (path: string) => Promise<void>;
  close: () => Promise<void>;
}

const inSetup = 20;

/** Calls of a product's API, over connections that stay. Each throws unless it is answered as it should be. */
export async function createTicketClient(product: BenchProduct, org: string): Promise<TicketClient> {
  const pool = new Pool(product.url, { connections: inSetup });
  const authorization = `Bearer ${product.adminKey}`;

  async function post(path: string, status: number, body?: object, headers?: Record<string, string>): Promise<unknown> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await pool.request({
      method: 'POST',
      path: `/api/v1${path}`,
      headers: headers ?? { authorization, ...(sent === undefined ? {} : { 'content-type': 'application/json' }) },
      body: sent ?? null,
    });
    const text = await response.body.text();
    if (response.statusCode !== status) throw new Error(`POST ${path} was answered ${response.statusCode}: ${text}`);
    return JSON.parse(text);
  }

  async function create(path: string): Promise<string> {
    return ((await post(`${path}/ticket`, 201)) as { external_id: string }).external_id;
  }

  async function reply(event: object): Promise<void> {
    const signature = signBody(JSON.stringify(event), product.webhookSecret);
    await post('/webhooks/tickets', 200, event, { 'x-signature': signature });
  }

  await post('/orgs', 201, { id: org, name: 'Benchmark' });
  return {
    create,
    async evidenceRequests(count) {
      const base = `/orgs/${org}/evidence-requests`;
      const paths: string[] = [];
      const make = async () => {
        while (paths.length < count) {
          // Taken before the answer is there, so that no more than asked for are made.
          const place = paths.push('') - 1;
          const made = await post(base, 201, { title: 'Access logs', description: 'Of the last quarter, as PDF.' });
          paths[place] = `${base}/${(made as { id: string }).id}`;
        }
      };
      await Promise.all(Array.from({ length: inSetup }, make));
      return paths;
    },
    async live(path) {
      const externalId = await create(path);
      await post(`${path}/comments`, 201, { body: 'Where are they?' });
      await reply({
        external_id: externalId,
        comment: { external_comment_id: 'reply-1', author: 'Ann', body: 'Attached.' },
        status: 'submitted',
      });
      await post(`${path}/ticket/close`, 200);
    },
    close: () => pool.close(),
  };
}
