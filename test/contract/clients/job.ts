// Type-checked against the generated types, then run by test/contract/clients.test.ts: what an integrator would write.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

export interface JobOptions {
  baseUrl: string;
  adminKey: string;
  org: string;
  receiverUrl: string;
}

export interface JobResult {
  ticket: components['schemas']['TicketLink'];
  comment: components['schemas']['AddedComment'];
  escalation: components['schemas']['Escalation'];
  delivery: components['schemas']['WebhookDelivery'];
}

/** The data of an answer, or an error with its code. */
function required<T>(answer: { data?: T; error?: components['schemas']['Problem']; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.status}: ${answer.error?.code ?? 'no body'}`);
  return answer.data;
}

export async function wholeJob({ baseUrl, adminKey, org, receiverUrl }: JobOptions): Promise<JobResult> {
  const clientOf = (key: string) => createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
  const admin = clientOf(adminKey);
  required(await admin.POST('/api/v1/orgs', { body: { id: org, name: 'Acme' } }));
  const { key } = required(
    await admin.POST('/api/v1/orgs/{org}/api-keys', {
      params: { path: { org } },
      body: { name: 'Integration', permissions: ['configure', 'ingest'] },
    }),
  );
  const api = clientOf(key);

  const webhook = required(
    await api.POST('/api/v1/orgs/{org}/webhooks', {
      params: { path: { org } },
      body: { url: receiverUrl, events: ['escalation.resolved'] },
    }),
  );
  const request = required(
    await api.POST('/api/v1/orgs/{org}/evidence-requests', {
      params: { path: { org } },
      body: { title: 'Access review' },
    }),
  );
  const subject = { path: { org, id: request.id } };
  const ticket = required(await api.POST('/api/v1/orgs/{org}/evidence-requests/{id}/ticket', { params: subject }));
  const comment = required(
    await api.POST('/api/v1/orgs/{org}/evidence-requests/{id}/comments', {
      params: subject,
      body: { body: 'The export is attached.' },
    }),
  );

  const raised = required(
    await api.POST('/api/v1/orgs/{org}/escalations', {
      params: { path: { org } },
      body: { title: 'Customer data in a prompt', severity: 'high' },
    }),
  );
  const item = { path: { org, id: raised.id } };
  required(await api.POST('/api/v1/orgs/{org}/escalations/{id}/claim', { params: item }));
  const escalation = required(
    await api.POST('/api/v1/orgs/{org}/escalations/{id}/resolve', {
      params: item,
      body: { resolution: 'approved', notes: 'The data was masked.' },
    }),
  );

  for (let tries = 0; tries < 200; tries++) {
    const { data } = required(
      await api.GET('/api/v1/orgs/{org}/webhooks/{id}/deliveries', { params: { path: { org, id: webhook.id } } }),
    );
    const delivery = data.find(({ status }) => status === 'succeeded');
    if (delivery) return { ticket, comment, escalation, delivery };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The delivery did not arrive.');
}
