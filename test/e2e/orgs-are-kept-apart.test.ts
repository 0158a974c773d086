import { randomBytes } from 'node:crypto';
import type { Route } from '../../src/http/route.js';
import { makeOrg } from '../support/factories.js';
import { api as client } from '../support/http.js';
import { openProduct } from '../support/product.js';
import { propertySuite } from '../support/property-suite.js';
import { makeLinked, patience } from './support/tracked.js';

interface Operation {
  description?: string;
  security?: unknown[];
}

/** What the running API says of its routes, as far as the suite looks: method, path and who may call. */
function routesOf(document: { paths: Record<string, Record<string, Operation>> }): Route[] {
  return Object.entries(document.paths).flatMap(([whole, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const path = whole.replace(/^\/api\/v1/, '');
      return { method, path, root: path === whole, access: accessOf(operation) } as unknown as Route;
    }),
  );
}

function accessOf({ description = '', security }: Operation): Route['access'] {
  if (security?.length === 0) return 'none';
  if (description.includes('Only the admin key may call this.')) return 'admin';
  if (description.includes('Any valid key may call this.')) return 'any';
  const needs = /The key needs the permission (`\w+`(?: or `\w+`)*)\./.exec(description)?.[1];
  if (needs === undefined) throw new Error(`The document does not say who may call: ${description}`);
  return [...needs.matchAll(/`(\w+)`/g)].map(([, name]) => name) as unknown as Route['access'];
}

const webhookConnection = { provider: 'webhook', name: 'A', settings: { url: 'https://hooks.example/' } };

propertySuite('the running product', async () => {
  const product = openProduct({ env: patience });
  const [{ url, admin }] = await Promise.all([product.startApi(), product.startWorker()]);
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Parameters<typeof routesOf>[0];
  const routes = routesOf(document);
  const ofTickets = routes.filter(({ path }) => /\/(ticket|comments)\b/.test(path));
  if (ofTickets.length < 6) throw new Error('The document has lost the routes of tickets.');
  const { id: org, path } = await makeOrg(admin);
  const keyOf = async (of: string, permissions: string[]) => {
    const { body } = await admin.post(`/orgs/${of}/api-keys`, { name: 'A key', permissions });
    return { ...client(`${url}/api/v1`, body.key as string), key: body.key as string, keyId: body.id as string };
  };
  const newOrg = async () => {
    const id = `org-${randomBytes(5).toString('hex')}`;
    await admin.post('/orgs', { id, name: 'Another' });
    return id;
  };
  const linked = await makeLinked(admin, path);
  const { keyId } = await keyOf(org, ['read']);
  const made = async (at: string, body: object) => (await admin.post(`${path}/${at}`, body)).body as { id: string };
  const escalation = await made('escalations', { title: 'A', severity: 'low' });
  const source = await made('sources', { name: 'A' });
  const channel = { type: 'slack', name: 'A', url: 'https://hooks.example/', on: ['created'] };
  const endpoint = await made('webhooks', { url: 'https://hooks.example/', events: ['event.created'] });
  const connection = await made('connections', webhookConnection);
  const tested = await admin.post(`${path}/webhooks/${endpoint.id}/test`);
  const approvals = await admin.put(`${path}/approvals`, { channels: [channel] });
  return {
    app: { origin: url, newOrg, keyOf, close: () => product.close() },
    routes,
    org,
    ids: {
      'evidence-requests': linked.id,
      'api-keys': keyId,
      escalations: escalation.id,
      sources: source.id,
      connections: connection.id,
      approvals: String(approvals.body.channels[0].id),
      webhooks: endpoint.id,
      deliveries: String(tested.body.delivery_id),
    },
    bodies: {
      'post /orgs/{org}/evidence-requests': { title: 'A' },
      'post /orgs/{org}/evidence-requests/{id}/comments': { body: 'A' },
      'post /orgs/{org}/api-keys': { name: 'A', permissions: ['read'] },
      'post /orgs/{org}/events': { type: 'event.created', data: {} },
      'post /orgs/{org}/escalations': { title: 'A', severity: 'low' },
      'post /orgs/{org}/escalations/{id}/notes': { body: 'A' },
      'post /orgs/{org}/escalations/{id}/resolve': { resolution: 'denied' },
      'post /orgs/{org}/escalations/{id}/comments': { body: 'A' },
      'put /orgs/{org}/escalation-policies': { policies: [] },
      'put /orgs/{org}/approvals': { channels: [] },
      'post /orgs/{org}/webhooks': { url: 'https://hooks.example/', events: ['event.created'] },
      'post /orgs/{org}/webhooks/{id}/recover': { since: new Date().toISOString() },
      'post /orgs/{org}/sources': { name: 'A' },
      'post /orgs/{org}/connections': webhookConnection,
    },
  };
});
