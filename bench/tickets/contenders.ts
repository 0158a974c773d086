import type { Contender } from '../rounds.js';
import type { TicketClient } from './client.js';

/** Opening a ticket on the mock; the evidence requests are made beforehand. */
export const creation = (client: TicketClient): Contender => onRequests('ticket creation', client, client.create);

/** A ticket's life: created, commented, replied to, closed. */
export const lifecycle = (client: TicketClient): Contender => onRequests('ticket lifecycle', client, client.live);

function onRequests(name: string, client: TicketClient, one: (path: string) => Promise<unknown>): Contender {
  return {
    name,
    async prepare(count) {
      const paths = await client.evidenceRequests(count);
      return async () => {
        const path = paths.pop();
        if (path === undefined) throw new Error('There is no evidence request left.');
        await one(path);
      };
    },
  };
}
