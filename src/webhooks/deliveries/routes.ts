import { pageOf } from '../../http/paging.js';
import { defineRoute, type Route } from '../../http/route.js';
import { orgItemParams } from '../../http/schema.js';
import type { DeliveryRef } from './history.js';
import type { Shown } from './presenter.js';
import type { Recover } from './recover.js';
import {
  deliveryParams,
  deliverySchema,
  deliveryWithPayloadSchema,
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
    responses: { 200: { description: 'The delivery as it is now.', schema: deliverySchema } },
  } as const;

  return [
    defineRoute({
      method: 'post',
      path: `${endpoint}/test`,
      tag,
      summary: 'Send an example to an endpoint, enabled or not',
      description:
        'Its envelope has `"test":true`. It is on record as a delivery, and is not retried. Ten a minute for each endpoint.',
      access: 'configure',
      params: orgItemParams,
      body: testEndpointBody,
      responses: { 200: { description: 'What the receiver made of it, good or bad.', schema: testResultSchema } },
      handler: async ({ params, body, newId }) => {
        const { deliveryId, attempt } = await testCall.first(params.org, params.id, { type: body.type, newId });
        const { succeeded, responseCode: response_code, durationMs: duration_ms, error } = attempt;
        const shown = { succeeded, response_code, duration_ms, response_body: attempt.responseBody, error };
        return { status: 200, body: { delivery_id: deliveryId, ...shown } };
      },
    }),
    defineRoute({
      method: 'get',
      path,
      tag,
      summary: 'List what was and is to be delivered to an endpoint, the newest event first',
      access: 'read',
      params: orgItemParams,
      query: listDeliveriesQuery,
      responses: { 200: { description: 'A page of deliveries.', schema: pageOf(deliverySchema) } },
      handler: async ({ params, query }) => {
        const found = await service.list(params.org, params.id, query);
        return { status: 200, body: { ...found, data: found.data.map(present) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: item,
      tag,
      summary: 'Show a delivery, with its payload',
      access: 'read',
      params: deliveryParams,
      responses: { 200: { description: 'The delivery.', schema: deliveryWithPayloadSchema } },
      handler: async ({ params }) => {
        const { payload, ...shown } = await service.get(refOf(params));
        return { status: 200, body: { ...present(shown), payload } };
      },
    }),
    defineRoute({
      ...action,
      path: `${item}/resend`,
      summary: 'Send a delivery again, whatever became of it',
      description:
        'Another attempt of the same delivery, at once; its schedule begins anew. 409 `endpoint_disabled`, and `payload_dropped` past retention.',
      handler: async ({ params }) => ({ status: 200, body: present(await service.resend(refOf(params))) }),
    }),
    defineRoute({
      ...action,
      path: `${item}/cancel`,
      summary: 'Try a delivery no more',
      description: 'An attempt that is under way goes on. 409 `already_settled`.',
      handler: async ({ params }) => ({ status: 200, body: present(await service.cancel(refOf(params))) }),
    }),
    defineRoute({
      method: 'post',
      path: `${endpoint}/recover`,
      tag,
      summary: 'Deliver what failed and what was missed',
      description:
        `Of events since then: the deliveries that failed, and those of the endpoint’s types that came while it was
disabled, or did not want them; none from before it was made. Again, it brings only what is still missing. 409
\`endpoint_disabled\`.`.replaceAll('\n', ' '),
      access: 'configure',
      params: orgItemParams,
      body: recoverBody,
      responses: { 202: { description: 'They are due now.', schema: recoveredSchema } },
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
