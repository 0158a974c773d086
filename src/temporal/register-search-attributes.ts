import type { Client } from '@temporalio/client';
import type { Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { searchAttributeNames } from '../../workflows/contracts/search-attributes.js';

/** Temporal's number for the type Keyword (`temporal.api.enums.v1.IndexedValueType`). */
const keyword = 2;

/**
 * Registers the search attributes that the namespace does not know yet: without them it refuses our workflows. Every worker does so when it
 * begins; a server that takes seconds to spread the news has the first starts tried again. Never throws: Temporal Cloud and servers with
 * roles refuse it to a worker, and there an operator has done it.
 */
export async function registerSearchAttributes({
  client,
  logger,
  timings,
}: {
  client: Client;
  logger: Logger;
  timings: Pick<Timings, 'temporal'>;
}): Promise<void> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  const soon = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + timings.temporal.callTimeoutMs, call);
  const findMissing = async () => {
    const { customAttributes } = await soon(() => operatorService.listSearchAttributes({ namespace }));
    return searchAttributeNames.filter((name) => customAttributes[name] === undefined);
  };
  try {
    const missing = await findMissing();
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
    await soon(() => operatorService.addSearchAttributes({ namespace, searchAttributes })).catch(
      async (error: unknown) => {
        // Another worker may have been quicker.
        if ((await findMissing()).length > 0) throw error;
      },
    );
    logger.info({ namespace, registered: missing }, 'search attributes are registered');
  } catch (err) {
    logger.warn(
      { err, namespace, needed: searchAttributeNames },
      'the search attributes could not be registered from here; workflows need them all, as Keyword',
    );
  }
}
