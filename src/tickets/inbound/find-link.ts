import type { TicketName } from '../../integrations/tracker-side.js';
import type { LinkDoc } from '../links/model.js';
import { environmentScope } from '../../integrations/environment-scope.js';
import type { TicketStore } from '../store.js';
import type { InboundScope } from './scope.js';

/** A scope's links. The environment has one for each of its providers, whose ids differ by form only. */
export const linksOfScope = ({ scope, name }: Pick<InboundScope, 'scope' | 'name'>) =>
  scope === environmentScope ? { scope, provider: name, live: true } : { scope, live: true };

/** The live link of a ticket. The inner id comes first: it outlives a move that gives the ticket another name. */
export async function findLinkOf(
  { links }: Pick<TicketStore, 'links'>,
  scope: Pick<InboundScope, 'scope' | 'name'>,
  { externalId, externalRef }: TicketName,
): Promise<LinkDoc | null> {
  const of = linksOfScope(scope);
  const byRef =
    externalRef === null ? null : await links.findOne({ ...of, external_ref: externalRef }).lean<LinkDoc | null>();
  if (byRef || externalId === null) return byRef;
  return links.findOne({ ...of, external_id: externalId }).lean<LinkDoc | null>();
}
