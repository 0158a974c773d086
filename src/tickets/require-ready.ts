import type { LinkTarget, TicketProviders } from '../integrations/connections/ticket-providers.js';
import { providerNotConfigured, unavailable } from '../http/problem.js';

/** @throws Problem 503 naming what is missing, before anything is recorded */
export async function requireReady(providers: TicketProviders, link: LinkTarget): Promise<void> {
  const resolved = await providers.of(link);
  switch (resolved.status) {
    case 'ready':
      return;
    case 'not_configured':
      throw providerNotConfigured(resolved.detail, resolved.missing);
    case 'gone':
      throw unavailable('connection_gone', resolved.detail);
    case 'undecryptable':
      throw unavailable('connection_sealed', resolved.detail);
  }
}
