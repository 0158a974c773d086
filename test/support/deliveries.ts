import { trusted } from '../../src/db/schema-options.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { connectMongo } from '../../src/db/connect.js';
import { newEvent } from '../../src/events/new-event.js';
import { newId } from '../../src/lib/ids.js';
import { createCipher } from '../../src/lib/encryption.js';
import { createModels } from '../../src/models.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { partitionOf } from '../../src/webhooks/endpoints/partition.js';
import { generateSecret, encryptSecret } from '../../src/webhooks/endpoints/secrets.js';
import { createEndpointStore } from '../../src/webhooks/endpoints/store.js';
import { createPublisher } from '../../src/webhooks/publishing/publisher.js';
import type { RunningPart, Product } from './product.js';
import { testTimings } from './timings.js';

const orgId = 'org-deliveries';

/** Endpoints and events, put straight into a product's database as its API does; its workers deliver them. */
export async function openDeliveries(product: Product) {
  const mongo = await connectMongo(product.env.MONGODB_URI ?? '', { maxPoolSize: 5 });
  const { deliveries, endpoints, events, pumpLeases: leases, presence } = createModels(mongo);
  await ensureIndexes(mongo);
  const cipher = createCipher({ key: Buffer.from(product.env.ENCRYPTION_KEY ?? '', 'base64') });
  const { append } = createPublisher({
    ...{ events, deliveries, endpoints: createEndpointStore({ endpoints }) },
    timings: testTimings,
  });
  let slot = 0;

  return {
    /** An endpoint that wants every event. */
    async endpoint(url: string, change: Partial<EndpointDoc> = {}): Promise<EndpointDoc> {
      const id = newId('wh');
      const owner = { _id: id, org_id: orgId };
      const at = new Date();
      const doc: EndpointDoc = {
        ...{ ...owner, slot: slot++, url, events: ['event.created'], description: '', headers: [] },
        ...{ rate_limit_per_second: null, ordered: false },
        ...{ enabled: true, disabled_reason: null, disabled_at: null },
        ...{ version: 1, partition: partitionOf(id), created_at: at, updated_at: at },
        secrets: [encryptSecret(cipher, owner, newId('key'), generateSecret(), at)],
        ...change,
      };
      await endpoints.create(doc);
      return doc;
    },

    /** @returns the events' ids, in their order */
    async publish(count: number): Promise<string[]> {
      const at = new Date();
      const ids = Array.from({ length: count }, () => newId('evt')).sort();
      const event = { orgId, type: 'event.created', data: '{"n":1}', occurredAt: at } as const;
      await append(ids.map((id) => newEvent({ ...event, id, sourceId: null, at, raise: null, graceMs: 0 })));
      return ids;
    },

    /** How many deliveries are in these states; all others are not. */
    countOf: (status: 'pending' | 'succeeded') => deliveries.countDocuments({ status }).exec(),
    /** How many some pump has claimed. */
    claimed: () => deliveries.countDocuments({ status: 'pending', epoch: trusted({ $ne: null }) }).exec(),
    lease: (pump = 0) => leases.findById(`pump/${pump}`).lean().exec(),
    /** When a worker last said that it polls. */
    async seenAt(worker: RunningPart): Promise<number> {
      const docs = await presence.find().lean().exec();
      const doc = docs.find(({ _id }) => identityOf(worker) === `worker/${_id.slice(0, 8)}`);
      return doc?.seen_at.getTime() ?? 0;
    },
    close: () => mongo.close(),
  };
}

/** A worker as leases name it. */
export function identityOf(worker: RunningPart): string {
  const [, id = ''] = /"worker":"([0-9a-f]{8})/.exec(worker.log()) ?? [];
  return `worker/${id}`;
}
