import { afterAll, expect } from 'vitest';
import { startFakeReceiver, type FakeReceiver } from '../../support/fake-receiver.js';
import { dataOf, type ApiAnswer } from '../../support/http.js';
import type { RunningApi } from '../../support/product.js';

/** An attempt as the history shows it. */
export interface ShownAttempt {
  number: number;
  at: string;
  trigger: string;
  response_code: number | null;
  duration_ms: number;
  error: string | null;
  response_body: string;
}

export interface ShownDelivery {
  id: string;
  event_id: string;
  status: string;
  attempts: ShownAttempt[];
  next_attempt_at: string | null;
  workflow: { id: string; url: string | null } | null;
}

/** A receiver, its endpoint, and what people see of it. */
export interface Receiving {
  receiver: FakeReceiver;
  id: string;
  /** Of the endpoint, below `/api/v1`. */
  path: string;
  shown(): Promise<Record<string, unknown> & { health: Record<string, unknown> }>;
  /** The oldest first. */
  deliveries(): Promise<ShownDelivery[]>;
  post(action: string, body?: object): Promise<ApiAnswer>;
}

/** Makes endpoints with a receiver each; the receivers are closed when the file has ended. */
export function receivingIn(apiOf: () => RunningApi) {
  const receivers: FakeReceiver[] = [];
  afterAll(() => Promise.all(receivers.map((receiver) => receiver.close())));
  return async (orgPath: string, type: string): Promise<Receiving> => {
    const receiver = await startFakeReceiver(null);
    receivers.push(receiver);
    const { admin } = apiOf();
    const made = await admin.post(`${orgPath}/webhooks`, { url: receiver.url, events: [type] });
    expect(made.status).toBe(201);
    receiver.trust(String(made.body.secret));
    const path = `${orgPath}/webhooks/${made.body.id}`;
    return {
      receiver,
      id: String(made.body.id),
      path,
      shown: async () => (await admin.get(path)).body as Awaited<ReturnType<Receiving['shown']>>,
      async deliveries() {
        const page = dataOf(await admin.get(`${path}/deliveries?limit=100`)) as unknown as ShownDelivery[];
        return page.reverse();
      },
      post: (action, body) => admin.post(`${path}${action}`, body),
    };
  };
}
