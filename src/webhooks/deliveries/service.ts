import { conflict } from '../../http/problem.js';
import { RawJson } from '../../lib/json/index.js';
import type { EndpointStore } from '../endpoints/store.js';
import { cancelledIfUnsettled, sentAgain } from './change.js';
import { endpointIn, refuseDisabled } from './endpoint-in.js';
import type { DeliveryRef, History } from './history.js';
import type { DeliveryList, DeliveryListQuery } from './list.js';
import type { MessageOfDelivery } from './payload.js';
import type { Shown } from './presenter.js';
import type { TestCall } from './test-call.js';

export interface DeliveryServiceDeps {
  endpoints: Pick<EndpointStore, 'findIn'>;
  history: History;
  list: DeliveryList;
  messageOfDelivery: MessageOfDelivery;
  testCall: Pick<TestCall, 'again'>;
}

export type DeliveryService = ReturnType<typeof createDeliveryService>;

/** What becomes of an endpoint's deliveries, and what people do about it. Each throws Problem 404 for what is not the org's. */
export function createDeliveryService(deps: DeliveryServiceDeps) {
  const { endpoints, history, list, messageOfDelivery, testCall } = deps;

  const shown = async (delivery: Shown['delivery']): Promise<Shown> => {
    const [one = { delivery, attempts: [] }] = await history.withAttempts([delivery]);
    return one;
  };

  return {
    /** Newest event first. */
    async list(orgId: string, endpointId: string, query: DeliveryListQuery) {
      await endpointIn(endpoints, orgId, endpointId);
      const found = await list(endpointId, query);
      return { ...found, data: await history.withAttempts(found.data) };
    },

    /** With what it sends; null when that is past retention. */
    async get(ref: DeliveryRef): Promise<Shown & { payload: unknown }> {
      await endpointIn(endpoints, ref.orgId, ref.endpointId);
      const delivery = await history.get(ref);
      const message = await messageOfDelivery(delivery);
      const payload = message && new RawJson(message.body.toString('utf8'));
      return { ...(await shown(delivery)), payload };
    },

    /**
     * Another attempt, whatever became of it so far, and its schedule from the beginning. A test is sent at once: it has no
     * schedule.
     * @throws Problem 409 `endpoint_disabled`, `payload_dropped`; 429 for a test
     */
    async resend(ref: DeliveryRef): Promise<Shown> {
      const endpoint = await endpointIn(endpoints, ref.orgId, ref.endpointId);
      const delivery = await history.get(ref);
      refuseDisabled(endpoint);
      const message = await messageOfDelivery(delivery);
      // A pump would take it for one whose event never was accepted.
      if (!message) throw conflict('payload_dropped', 'What it would send is past retention.');
      return delivery.trigger === 'test'
        ? shown(await testCall.again(endpoint, delivery, message))
        : shown(await history.change(ref, (current) => sentAgain(current, new Date())));
    },

    /** @throws Problem 409 `already_settled` */
    async cancel(ref: DeliveryRef): Promise<Shown> {
      await endpointIn(endpoints, ref.orgId, ref.endpointId);
      return shown(await history.change(ref, (current) => cancelledIfUnsettled(current, new Date())));
    },
  };
}
