import { providerNotConfigured, unavailable } from '../http/problem.js';
import type { ProviderName } from '../providers/port.js';
import type { ProviderRegistry } from '../providers/registry.js';

/** @throws Problem 503 naming the missing keys, before anything is recorded */
export function requireReady(providers: ProviderRegistry, name: ProviderName): void {
  const resolved = providers.resolve(name);
  switch (resolved.status) {
    case 'ready':
      return;
    case 'not_configured':
      throw providerNotConfigured(resolved.detail, resolved.missing);
    case 'not_built':
      throw unavailable('provider_not_built', resolved.detail);
  }
}
