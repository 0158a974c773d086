import { jsonTextOf } from '../../../lib/json/index.js';
import { isDeeperThan } from '../../../lib/json-depth.js';
import type { Ingest } from '../../../events/service.js';
import { parseJsonBody } from '../../../http/json.js';
import { invalidSignature, notFound, unavailable, unprocessable } from '../../../http/problem.js';
import { validate } from '../../../http/validation.js';
import type { IdPrefix } from '../../../lib/ids.js';
import type { Cipher } from '../../../lib/encryption.js';
import { verifySignature } from '../../../lib/signature.js';
import type { SourceDoc } from '../model.js';
import { openSecret } from '../secrets.js';
import { sourceEventSchema, testEventSchema } from './schema.js';
import { createTheirEscalations, type TheirEscalationsDeps } from './their-escalations.js';

export interface SourceInboundDeps extends TheirEscalationsDeps {
  cipher: Cipher;
  ingest: Ingest;
}

/** What an event made here; nothing when it was known, or a test. */
export interface Applied {
  escalation: boolean;
  event: boolean;
}

/** As they came: the second goes with the first while its sender changes its secret. */
export interface Signatures {
  newest: string | undefined;
  previous: string | undefined;
}

export type SourceInbound = ReturnType<typeof createSourceInbound>;

/** As deep as the data of `POST /events`, in its envelope: what writes JSON recurses, and gives up at some thousands. */
const maxLevels = 501;

/** What sources say to us through their signed webhooks. */
export function createSourceInbound({ cipher, ingest, ...deps }: SourceInboundDeps) {
  const theirs = createTheirEscalations(deps);

  return {
    /**
     * Finds the source that this came from.
     * @throws Problem 404 for one that there is not, 503 `source_not_configured` while its secret does not open, 401
     * unless a signature is that of these very bytes
     */
    async verify(sourceId: string, rawBody: Buffer, { newest, previous }: Signatures): Promise<SourceDoc> {
      const source = await deps.sources.findOne({ _id: sourceId, ended_at: null }).lean<SourceDoc | null>();
      if (!source) throw notFound('source');
      const secret = openSecret(cipher, source);
      if (secret === null) {
        const detail = 'The secret of this source cannot be opened: is a key missing from ENCRYPTION_KEYS_OLD?';
        throw unavailable('source_not_configured', detail);
      }
      if (!verifySignature(rawBody, newest, secret) && !verifySignature(rawBody, previous, secret)) {
        throw invalidSignature(
          'X-Keeptrusts-Signature must be `sha256=` and the hex HMAC-SHA256 of the raw body with the source’s secret.',
        );
      }
      return source;
    },

    /**
     * Accepts a verified event: what it makes is in MongoDB before this returns.
     * @throws Problem 400, 422 for what it is, 404 for the resolution of what was never raised; nothing is changed then
     */
    async receive(source: SourceDoc, rawBody: Buffer, newId: (prefix: IdPrefix) => string): Promise<Applied> {
      const json = parseJsonBody(rawBody, 'application/json');
      if (isDeeperThan(rawBody.toString(), maxLevels)) {
        throw unprocessable([{ path: 'data', message: `must not nest more than ${maxLevels - 1} levels` }]);
      }
      if (testEventSchema.safeParse(json).success) return { escalation: false, event: false };
      const event = validate(sourceEventSchema, json);
      if (event.type === 'escalation.created') {
        return { escalation: await theirs.raise(source, newId('esc'), event.data), event: false };
      }
      if (event.type === 'escalation.resolved') {
        return { escalation: await theirs.resolve(source, event.id, event.data), event: false };
      }
      const { id, type, data, timestamp } = event;
      const input = {
        id: `${source._id}/${id}`,
        type,
        data: { value: data, json: jsonTextOf(data) },
        ...(timestamp && { occurred_at: timestamp }),
      };
      const [ingested] = await ingest(source.org_id, [input], newId);
      return { escalation: false, event: ingested?.duplicate === false };
    },
  };
}
