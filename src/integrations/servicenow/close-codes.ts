import { ProviderError } from '../../lib/provider-errors.js';
import { allItems } from '../bounded-pages.js';
import { allOf } from './query.js';
import { field, type Row } from './rows.js';
import type { TicketContext } from './tickets.js';

/** What instances have had over the years, the best first. */
const preferred = ['solved (permanently)', 'resolved by request'];
const fields = ['name', 'element', 'inactive', 'value', 'label', 'sequence'] as const;
const keptMs = 10 * 60_000;
const page = 200;

/** The close codes that an instance has. */
export interface CloseCodes {
  /** In the instance's order; empty where it has none, or shows none. Kept for ten minutes. */
  list(signal: AbortSignal): Promise<string[]>;
  /** The same, asked anew. */
  refresh(signal: AbortSignal): Promise<string[]>;
}

export function createCloseCodes({ api, table }: TicketContext): CloseCodes {
  let kept: { codes: string[]; until: number } | null = null;

  async function refresh(signal: AbortSignal): Promise<string[]> {
    // A table that extends incident has incident's choices, unless it has its own.
    const names = table === 'incident' ? `name=${table}` : `nameIN${table},incident`;
    const query = allOf(names, 'element=close_code', 'inactive=false', 'ORDERBYsequence');
    const rows = await allItems<Row, number>({
      what: 'close codes',
      bounds: { pages: 20, items: 4_000 },
      async fetch(offset = 0, meter) {
        const listed = await api.list('sys_choice', { query, fields, limit: page, offset, signal, meter });
        return { items: listed.rows, next: listed.hasMore ? offset + page : null };
      },
    });
    const choices = rows.filter((row) => field(row, 'element') === 'close_code' && field(row, 'inactive') === 'false');
    const of = (name: string) => choices.filter((row) => field(row, 'name') === name).map((row) => field(row, 'value'));
    const own = of(table);
    // A choice has a row for each language.
    const codes = [...new Set(own.length > 0 ? own : of('incident'))].filter((code) => code !== '');
    kept = { codes, until: Date.now() + keptMs };
    return codes;
  }

  return {
    refresh,
    list: (signal) => (kept && kept.until > Date.now() ? Promise.resolve(kept.codes) : refresh(signal)),
  };
}

/**
 * Which of them to resolve with when none is configured; null when there is none. @param refused one that was not taken
 */
export function chooseCode(codes: readonly string[], refused: string | null = null): string | null {
  const left = codes.filter((code) => code !== refused);
  const liked = preferred.map((name) => left.find((code) => code.toLowerCase() === name));
  return liked.find((code) => code !== undefined) ?? left[0] ?? null;
}

/** A user who may not read the choices can still close with a code that is right. */
export async function orNone(codes: Promise<string[]>): Promise<string[]> {
  try {
    return await codes;
  } catch (error) {
    if (error instanceof ProviderError && !error.retryable && error.code !== 'http_401') return [];
    throw error;
  }
}
