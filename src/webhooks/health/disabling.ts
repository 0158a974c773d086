import type { Audit } from '../../auth/audit/audit.js';
import type { DisabledReason, EndpointDoc } from '../endpoints/model.js';
import type { EndpointStore } from '../endpoints/store.js';

export interface DisablingDeps {
  store: Pick<EndpointStore, 'disable' | 'find'>;
  audit: Pick<Audit, 'recordOwn'>;
}

/** Disables an endpoint for a reason of ours, unless somebody has changed it since. Runs twice without harm. */
export type DisableEndpoint = (endpoint: { id: string; version: number }, reason: DisabledReason) => Promise<void>;

/** What becomes of deliveries that wait when an endpoint is disabled by us. */
export const disabledReasons: Record<DisabledReason, string> = {
  gone: 'The endpoint was disabled: its receiver answered 410.',
  failing: 'The endpoint was disabled: nothing got through for days.',
};

export function createDisabling({ store, audit }: DisablingDeps): DisableEndpoint {
  return async ({ id, version }, reason) => {
    const disabled = (await store.disable(id, reason, { version })) ?? (await before(id, version, reason));
    if (!disabled?.disabled_at) return;
    const { org_id, url, disabled_at: at } = disabled;
    // Named by its host: a whole URL may hold a token.
    const subject = { type: 'webhook', id, name: new URL(url).host };
    const event = { action: 'webhook.updated', subject, changed: ['enabled'] } as const;
    await audit.recordOwn(org_id, event, { key: `${id}/${disabled.version}/disabled`, at });
  };

  /** It may have been us, who then came to an end before it was on record. */
  async function before(id: string, version: number, reason: DisabledReason): Promise<EndpointDoc | null> {
    const now = await store.find(id);
    return now?.version === version + 1 && now.disabled_reason === reason ? now : null;
  }
}
