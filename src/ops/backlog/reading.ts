import { trusted } from '../../db/schema-options.js';

/** What is there in greater numbers is not counted on: a scrape is to stay cheap. */
export const countedTo = 100_000;

/** A scraper waits for ten seconds. */
export const bound = { maxTimeMS: 5_000 } as const;

/** Behind null, which sorts before every date. */
export const anyDate = () => trusted({ $gt: new Date(0) });
