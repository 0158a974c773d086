import type { TicketConfig } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { definitions, type ProviderDefinition, type ProviderSetup } from './definitions.js';
import type { MockTicketModels } from './mock/model.js';
import { providerNames, type ProviderName, type TicketProvider } from './port.js';

/** What stands behind a provider's name in this deployment. */
export type ResolvedProvider =
  | { status: 'ready'; provider: TicketProvider }
  /** `missing`: environment keys, in the order of API.md. */
  | { status: 'not_configured'; missing: string[]; detail: string }
  | { status: 'not_built'; detail: string };

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
  tickets: TicketConfig;
  /** Without a trailing slash. */
  publicUrl: string;
  mock: MockTicketModels;
  logger: Logger;
}

/** The providers that the environment sets up. */
export function createProviderRegistry({ tickets, publicUrl, mock, logger }: RegistryOptions): ProviderRegistry {
  const setup: ProviderSetup = { settings: tickets.settings, publicUrl, mock, logger };
  const built = new Map<ProviderName, TicketProvider>();
  const named = providerNames.find((name) => name === tickets.provider);

  function resolve(name: ProviderName): ResolvedProvider {
    const provider = built.get(name);
    if (provider) return { status: 'ready', provider };
    const definition = definitions[name];
    const missing = definition.requiredKeys.filter((key) => !isUsable(key, tickets.settings[key]));
    if (missing.length > 0) return notConfigured(name, missing);
    return build(name, definition);
  }

  function build(name: ProviderName, definition: ProviderDefinition): ResolvedProvider {
    if (!definition.build) return { status: 'not_built', detail: `The ticket provider ${name} is not built yet.` };
    const provider = definition.build(setup);
    built.set(name, provider);
    return { status: 'ready', provider };
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
  return value !== undefined && value !== '' && (!key.endsWith('_URL') || URL.canParse(value));
}
