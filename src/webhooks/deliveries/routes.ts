import { example } from '../../http/example-values.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import type { DeliveryRef } from './history.js';
import type { Shown } from './presenter.js';
import type { Recover } from './recover.js';
import {
  deliveryExample,
  deliveryListSchema,
  deliveryParams,
  deliverySchema,
  deliveryWithPayloadSchema,
  endpointParams,
  listDeliveriesQuery,
  recoverBody,
  recoveredSchema,
  testEndpointBody,
  testResultSchema,
  type PresentedDelivery,
} from './schema.js';
import type { DeliveryService } from './service.js';
import type { TestCall } from './test-call.js';

interface Dependencies {
  service: DeliveryService;
  testCall: Pick<TestCall, 'first'>;
  recover: Recover;
  present: (shown: Shown) => PresentedDelivery;
}

export function deliveryRoutes({ service, testCall, recover, present }: Dependencies): Route[] {
  const tag = 'Webhooks';
  const endpoint = '/orgs/{org}/webhooks/{id}';
  const path = `${endpoint}/deliveries`;
  const item = `${path}/{delivery_id}`;
  const action = {
    method: 'post',
    tag,
    access: 'configure',
    params: deliveryParams,
  } as const;
  const retried: PresentedDelivery = {
    ...deliveryExample,
    ...{ status: 'retrying', next_attempt_at: example.later },
  };

  return [
    defineRoute({
      id: 'testWebhook',
      method: 'post',
      path: `${endpoint}/test`,
      audit: { action: 'webhook.tested', subject: endpoint },
      tag,
      summary: 'Send a test event to a webhook endpoint',
      description:
        'The endpoint may be disabled. The body has `"test":true`. The test is recorded as a delivery, and is not retried. An endpoint takes ten tests a minute.',
      access: 'configure',
      params: endpointParams,
      body: testEndpointBody,
      bodyExample: { type: 'escalation.created' },
      responses: {
        200: answer('The test was sent. `succeeded` says whether the receiver took it.', testResultSchema, {
          delivery_id: example.delivery,
          succeeded: true,
          response_code: 204,
          duration_ms: 41,
          response_body: '',
          error: null,
        }),
      },
      errors: ['secret_unavailable'],
      handler: async ({ params, body, newId }) => {
        const { deliveryId, attempt } = await testCall.first(params.org, params.id, { type: body.type, newId });
        const { succeeded, responseCode: response_code, durationMs: duration_ms, error } = attempt;
        const shown = { succeeded, response_code, duration_ms, response_body: attempt.responseBody, error };
        return { status: 200, body: { delivery_id: deliveryId, ...shown } };
      },
    }),
    defineRoute({
      id: 'listDeliveries',
      method: 'get',
      path,
      tag,
      summary: 'List the deliveries to a webhook endpoint',
      description: 'With every attempt. The newest event comes first.',
      access: 'read',
      params: endpointParams,
      query: listDeliveriesQuery,
      responses: {
        200: answer('A page of deliveries.', deliveryListSchema, { data: [deliveryExample], next_cursor: null }),
      },
      errors: [],
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, params.id, query);
        return { status: 200, body: { ...found, data: found.data.map(present) } };
      },
    }),
    defineRoute({
      id: 'getDelivery',
      method: 'get',
      path: item,
      tag,
      summary: 'Get a delivery',
      description: 'With every attempt, and the body that is sent.',
      access: 'read',
      params: deliveryParams,
      responses: {
        200: answer('The delivery.', deliveryWithPayloadSchema, {
          ...deliveryExample,
          payload: {
            id: example.event,
            type: 'export.completed',
            timestamp: example.at,
            org_id: example.org,
            data: { export_id: 'exp-17', format: 'csv', rows: 1200 },
          },
        }),
      },
      errors: [],
      handler: async ({ params }) => {
        const { payload, ...shown } = await service.get(refOf(params));
        return { status: 200, body: { ...present(shown), payload } };
      },
    }),
    defineRoute({
      ...action,
      id: 'resendDelivery',
      path: `${item}/resend`,
      audit: { action: 'delivery.resent', subject: item },
      summary: 'Resend a delivery',
      description: 'Makes another attempt of the same delivery at once, whatever its status. Its retries start anew.',
      responses: { 200: answer('The delivery as it is now.', deliverySchema, retried) },
      errors: ['endpoint_disabled', 'payload_dropped', 'concurrent_changes'],
      handler: async ({ params }) => ({ status: 200, body: present(await service.resend(refOf(params))) }),
    }),
    defineRoute({
      ...action,
      id: 'cancelDelivery',
      path: `${item}/cancel`,
      audit: { action: 'delivery.cancelled', subject: item },
      summary: 'Cancel a delivery',
      description: 'No further attempt is made. An attempt that is under way is not interrupted.',
      responses: {
        200: answer('The delivery as it is now.', deliverySchema, {
          ...deliveryExample,
          status: 'cancelled',
          attempts: [],
        }),
      },
      errors: ['already_settled', 'concurrent_changes'],
      handler: async ({ params }) => ({ status: 200, body: present(await service.cancel(refOf(params))) }),
    }),
    defineRoute({
      id: 'recoverDeliveries',
      method: 'post',
      path: `${endpoint}/recover`,
      audit: { action: 'webhook.recovered', subject: endpoint },
      tag,
      summary: 'Recover the deliveries to a webhook endpoint',
      description:
        'Delivers what failed since then, and events of the endpoint’s types that arrived while it was disabled or did not want them. Events from before the endpoint was created are left out. Repeating it delivers only what is still missing.',
      access: 'configure',
      params: endpointParams,
      body: recoverBody,
      bodyExample: { since: example.at },
      responses: { 202: answer('The deliveries are due now.', recoveredSchema, { count: 12 }) },
      errors: ['endpoint_disabled'],
      handler: async ({ params, body }) => ({
        status: 202,
        body: { count: await recover(params.org, params.id, body) },
      }),
    }),
  ];
}

const refOf = ({ org, id, delivery_id }: { org: string; id: string; delivery_id: string }): DeliveryRef => ({
  orgId: org,
  endpointId: id,
  id: delivery_id,
});
