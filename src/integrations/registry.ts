import type { TicketConfig, Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { parseUrl } from '../lib/parse-url.js';
import { createBreaker } from './breaker/breaker.js';
import { guardProvider } from './breaker/guarded-provider.js';
import type { TrackerStates } from './breaker/states.js';
import { definitions, type ProviderSetup } from './definitions.js';
import type { MockTicketModels } from './mock/model.js';
import { observeProvider, type ObserveCall } from './observed-provider.js';
import { providerNames, type ProviderName, type TicketProvider } from './port.js';

/** What stands behind a provider's name in this deployment. */
export type ResolvedProvider =
  | { status: 'ready'; provider: TicketProvider }
  /** `missing`: environment keys, in the order of API.md. */
  | { status: 'not_configured'; missing: string[]; detail: string }
  /** The connection is deleted: nothing brings it back. */
  | { status: 'gone'; detail: string }
  /** The connection's secrets do not open: their key may come back. */
  | { status: 'undecryptable'; detail: string };

export interface ProviderRegistry {
  /** What TICKET_PROVIDER names; the mock when it names none that there is. */
  readonly defaultName: ProviderName;
  /** TICKET_PROVIDER when it names none that there is: worth a warning in the log and in readiness. */
  readonly unknownValue: string | null;
  /** The provider of this name, never another in its place. Each is made once, when it is first asked for. */
  resolve(name: ProviderName): ResolvedProvider;
  /** Ends the providers' kept-alive connections. */
  close(): Promise<void>;
}

export interface RegistryOptions {
  tickets: Pick<TicketConfig, 'provider' | 'settings'>;
  /** Without a trailing slash. */
  publicUrl: string;
  mock: MockTicketModels;
  logger: Logger;
  timings: Pick<Timings, 'trackers'>;
  /** Puts a breaker before each provider that calls somebody; without it they are called whatever they said. */
  states?: TrackerStates;
  /** Told of each call; without it nobody is. */
  observe?: ObserveCall;
}

/** The breaker's scope of a provider of the environment. */
export const environmentBreaker = (name: ProviderName) => `env/${name}`;

/** The providers that the environment sets up. */
export function createProviderRegistry(options: RegistryOptions): ProviderRegistry {
  const { tickets, publicUrl, mock, logger, timings, states, observe } = options;
  const setup: ProviderSetup = { settings: tickets.settings, publicUrl, mock, logger, timings };
  const built = new Map<ProviderName, TicketProvider>();
  const named = providerNames.find((name) => name === tickets.provider);

  function resolve(name: ProviderName): ResolvedProvider {
    const known = built.get(name);
    if (known) return { status: 'ready', provider: known };
    const definition = definitions[name];
    const missing = definition.requiredKeys.filter((key) => !isUsable(key, tickets.settings[key]));
    if (missing.length > 0) return notConfigured(name, missing);
    const provider = definition.build(setup);
    const made = guarded(name, observe ? observeProvider(provider, observe) : provider);
    built.set(name, made);
    return { status: 'ready', provider: made };
  }

  function guarded(name: ProviderName, provider: TicketProvider): TicketProvider {
    if (!states || name === 'mock') return provider;
    const scope = environmentBreaker(name);
    return guardProvider(provider, createBreaker({ states, logger, timings, scope, version: 0, triesAtStart: true }));
  }

  return {
    defaultName: named ?? 'mock',
    unknownValue: named ? null : tickets.provider,
    resolve,
    async close() {
      await Promise.all([...built.values()].map(async (provider) => provider.dispose?.()));
      built.clear();
    },
  };
}

function notConfigured(name: ProviderName, missing: string[]): ResolvedProvider {
  return { status: 'not_configured', missing, detail: `The ticket provider ${name} needs ${missing.join(' and ')}.` };
}

/** A URL that cannot be read is as good as none, and naming its key says what to repair. */
function isUsable(key: string, value: string | undefined): boolean {
  return value !== undefined && value !== '' && (!key.endsWith('_URL') || parseUrl(value) !== null);
}
