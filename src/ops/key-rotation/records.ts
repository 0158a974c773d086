import type { Model } from 'mongoose';
import type { ApprovalsDoc } from '../../notifications/approvals/model.js';
import { encryptedIn as encryptedInChannels } from '../../notifications/approvals/secrets.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { encryptedIn as encryptedInConnection } from '../../integrations/connections/secrets.js';
import type { EncryptedPart } from '../../lib/encryption.js';
import type { SourceDoc } from '../../escalations/sources/model.js';
import { encryptedIn as encryptedInSource } from '../../escalations/sources/secrets.js';
import type { EndpointDoc } from '../../webhooks/endpoints/model.js';
import { encryptedIn as encryptedInEndpoint } from '../../webhooks/endpoints/secrets.js';

/** A document with what is sealed in it. */
export interface EncryptedRecord {
  id: string;
  parts: EncryptedPart[];
}

/** A collection whose documents hold secrets for as long as they stand. */
export interface EncryptedRecords {
  /** The collection's name. */
  name: string;
  each: () => AsyncGenerator<EncryptedRecord>;
  /** Compare-and-set on the sealed text itself. @returns false when somebody else was quicker */
  replace: (id: string, part: EncryptedPart, encrypted: string) => Promise<boolean>;
}

export interface EncryptedModels {
  connections: Model<ConnectionDoc>;
  approvals: Model<ApprovalsDoc>;
  sources: Model<SourceDoc>;
  endpoints: Model<EndpointDoc>;
}

/**
 * All secrets that last. Kept answers to repeated calls and what a console page is to show once are sealed as well, and gone
 * within a day.
 */
export const encryptedRecords = ({
  connections,
  approvals,
  sources,
  endpoints,
}: EncryptedModels): EncryptedRecords[] => [
  recordsOf(connections, ['org_id', 'secrets'], encryptedInConnection),
  recordsOf(approvals, ['channels'], encryptedInChannels),
  recordsOf(sources, ['org_id', 'secret'], encryptedInSource),
  recordsOf(endpoints, ['org_id', 'secrets', 'headers'], encryptedInEndpoint),
];

function recordsOf<Doc extends { _id: string }>(
  model: Model<Doc>,
  fields: (keyof Doc & string)[],
  encryptedIn: (doc: Doc) => EncryptedPart[],
): EncryptedRecords {
  return {
    name: model.collection.collectionName,
    async *each() {
      const projection = Object.fromEntries(fields.map((field) => [field, 1]));
      // The driver's own cursor: documents as they are stored.
      for await (const doc of model.collection.find({}, { projection }))
        yield { id: String(doc._id), parts: encryptedIn(doc as unknown as Doc) };
    },
    async replace(id, part, encrypted) {
      const filter = { _id: id as never, [part.path]: part.encrypted };
      const { modifiedCount } = await model.collection.updateOne(filter, { $set: { [part.path]: encrypted } });
      return modifiedCount > 0;
    },
  };
}
