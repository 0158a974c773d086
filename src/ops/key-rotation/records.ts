import type { Model } from 'mongoose';
import type { ApprovalsDoc } from '../../notifications/approvals/model.js';
import { sealedIn as sealedInChannels } from '../../notifications/approvals/secrets.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { sealedIn as sealedInConnection } from '../../integrations/connections/secrets.js';
import type { SealedPart } from '../../lib/encryption.js';
import type { SourceDoc } from '../../escalations/sources/model.js';
import { sealedIn as sealedInSource } from '../../escalations/sources/secrets.js';
import type { EndpointDoc } from '../../webhooks/endpoints/model.js';
import { sealedIn as sealedInEndpoint } from '../../webhooks/endpoints/secrets.js';

/** A document with what is sealed in it. */
export interface SealedRecord {
  id: string;
  parts: SealedPart[];
}

/** A collection whose documents hold secrets for as long as they stand. */
export interface SealedRecords {
  /** The collection's name. */
  name: string;
  each: () => AsyncGenerator<SealedRecord>;
  /** Compare-and-set on the sealed text itself. @returns false when somebody else was quicker */
  replace: (id: string, part: SealedPart, sealed: string) => Promise<boolean>;
}

export interface SealedModels {
  connections: Model<ConnectionDoc>;
  approvals: Model<ApprovalsDoc>;
  sources: Model<SourceDoc>;
  endpoints: Model<EndpointDoc>;
}

/**
 * All secrets that last. Kept answers to repeated calls and what a console page is to show once are sealed as well, and gone
 * within a day.
 */
export const sealedRecords = ({ connections, approvals, sources, endpoints }: SealedModels): SealedRecords[] => [
  recordsOf(connections, ['org_id', 'secrets'], sealedInConnection),
  recordsOf(approvals, ['channels'], sealedInChannels),
  recordsOf(sources, ['org_id', 'secret'], sealedInSource),
  recordsOf(endpoints, ['org_id', 'secrets', 'headers'], sealedInEndpoint),
];

function recordsOf<Doc extends { _id: string }>(
  model: Model<Doc>,
  fields: (keyof Doc & string)[],
  sealedIn: (doc: Doc) => SealedPart[],
): SealedRecords {
  return {
    name: model.collection.collectionName,
    async *each() {
      const projection = Object.fromEntries(fields.map((field) => [field, 1]));
      // The driver's own cursor: documents as they are stored.
      for await (const doc of model.collection.find({}, { projection }))
        yield { id: String(doc._id), parts: sealedIn(doc as unknown as Doc) };
    },
    async replace(id, part, sealed) {
      const filter = { _id: id as never, [part.path]: part.sealed };
      const { modifiedCount } = await model.collection.updateOne(filter, { $set: { [part.path]: sealed } });
      return modifiedCount > 0;
    },
  };
}
