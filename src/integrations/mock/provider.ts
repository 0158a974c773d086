import { createHash } from 'node:crypto';
import type { Logger } from '../../observability/logger.js';
import { aborted, ProviderError } from '../../lib/provider-errors.js';
import type { OutboundComment, PushedComment, TicketProvider } from '../port.js';
import { externalIdOf } from './external-id.js';
import type { MockTicketModels } from './model.js';
import { MockTicketStore } from './store.js';

export interface MockSettings {
  /** Without a trailing slash; the tickets' pages are below it. */
  publicUrl: string;
  models: MockTicketModels;
  logger: Logger;
}

/** As much of a comment as its echo quotes, in characters. */
const quoted = 1000;

/** A tracker that contacts nobody: it keeps its tickets in MongoDB, and answers each comment with an echo. */
export function createMockProvider({ publicUrl, models, logger }: MockSettings): TicketProvider {
  const store = new MockTicketStore(models);

  /** The store is MongoDB, and every one of its failures may heal. */
  async function attempt<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw aborted();
    try {
      return await run();
    } catch (error) {
      logger.warn({ err: error }, 'the mock tracker could not reach its store');
      throw new ProviderError('mock_store', 'The mock tracker could not reach its store.', true);
    }
  }

  return {
    name: 'mock',
    async create(draft, { signal, repeated }) {
      const externalId = externalIdOf(await attempt(signal, () => store.create(draft, repeated)));
      return { externalId, externalUrl: `${publicUrl}/mock/tickets/${externalId}`, externalStatus: 'open' };
    },
    async comment(_ticket, comment, { signal }) {
      return attempt(signal, () => Promise.resolve(answerTo(comment)));
    },
    async close(ticket, { signal }) {
      const found = await attempt(signal, () => store.close(ticket.key));
      if (!found) throw new ProviderError('unknown_ticket', 'The mock tracker has no such ticket.', false);
      return { externalStatus: 'closed' };
    },
  };
}

/** The same for the same comment: nothing has to be kept for a repetition. */
function answerTo({ key, author, body }: OutboundComment): PushedComment {
  const id = `mock-CMT-${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
  const characters = Array.from(body);
  const quote = characters.slice(0, quoted).join('') + (characters.length > quoted ? '…' : '');
  return {
    externalCommentId: id,
    echo: { externalCommentId: `${id}-echo`, author: 'Mock tracker', body: `Received from ${author}: ${quote}` },
  };
}
