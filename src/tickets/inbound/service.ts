import { notFound, providerNotConfigured, unavailable } from '../../http/problem.js';
import type { TrackerSide } from '../../integrations/tracker-side.js';
import type { InboundResult } from '../commands/model.js';
import type { TicketSignaler } from '../../temporal/ticket-signaler.js';
import { environmentScope } from '../../integrations/environment-scope.js';
import type { TicketStore } from '../store.js';
import type { SubjectSources } from '../subject.js';
import { receiveDialect, type HeaderOf } from './dialect.js';
import { receiveGeneric } from './generic.js';
import type { FindScope, InboundScope, ScopeName } from './scope.js';
import { requireSignature } from './verify.js';

export interface InboundServiceDeps {
  store: TicketStore;
  subjects: SubjectSources;
  signaler: TicketSignaler;
  /** Of the generic webhook of the environment. */
  secret: string | undefined;
  findScope: FindScope;
}

/** A webhook that came in, unread. */
export interface Inbound {
  rawBody: Buffer;
  header: HeaderOf;
}

/** A webhook whose signature holds. */
export interface Verified {
  /** Accepts it: it is in MongoDB before this returns. @throws Problem 400, 422, 404; nothing is changed then */
  receive(): Promise<InboundResult | 'queued'>;
}

export type InboundService = ReturnType<typeof createInboundService>;

/** What trackers say to us through signed webhooks. */
export function createInboundService(deps: InboundServiceDeps) {
  const generic = (scope: string, { rawBody }: Inbound): Verified => ({
    receive: () => receiveGeneric(deps, scope, rawBody),
  });

  return {
    /** Our own dialect, of the environment. @throws Problem 503 without a secret, 401 */
    verify(inbound: Inbound): Verified {
      requireSignature(inbound.rawBody, inbound.header('x-signature'), {
        secret: deps.secret,
        secretName: 'TICKET_WEBHOOK_SECRET',
        headerName: 'X-Signature',
      });
      return generic(environmentScope, inbound);
    },

    /**
     * The dialect of a connection's tracker, or of the environment's.
     * @throws Problem 404 for a connection that there is not, 503 for a tracker that is not set up or has no secret, 401
     */
    async verifyAt(name: ScopeName, inbound: Inbound): Promise<Verified> {
      const scope = await requireScope(deps.findScope, name);
      const tracker = requireTracker(scope);
      const headerName = tracker?.signatureHeader === 'x-hub-signature' ? 'X-Hub-Signature' : 'X-Signature';
      requireSignature(inbound.rawBody, inbound.header(headerName.toLowerCase()), {
        secret: scope.webhookSecret,
        secretName: secretNameOf(name),
        headerName,
      });
      if (tracker === null) return generic(scope.scope, inbound);
      return { receive: () => receiveDialect(deps, scope, tracker, inbound) };
    },
  };
}

async function requireScope(findScope: FindScope, name: ScopeName): Promise<InboundScope> {
  const scope = await findScope(name);
  if (scope) return scope;
  if ('connectionId' in name) throw notFound('connection');
  throw providerNotConfigured(`The environment has no ${name.environment}.`, [secretNameOf(name)]);
}

/** @returns null where our own dialect is spoken. @throws Problem 503 for what is not set up */
function requireTracker({ resolved }: InboundScope): TrackerSide | null {
  switch (resolved.status) {
    case 'ready':
      return resolved.provider.tracker ?? null;
    case 'not_configured':
      throw providerNotConfigured(resolved.detail, resolved.missing);
    case 'gone':
      throw notFound('connection');
    case 'undecryptable':
      throw unavailable('provider_unavailable', resolved.detail);
  }
}

const secretNameOf = (name: ScopeName) =>
  'connectionId' in name ? 'webhook_secret' : `${name.environment.toUpperCase()}_WEBHOOK_SECRET`;
