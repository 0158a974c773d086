import { ProviderError } from '../../lib/provider-errors.js';

/** A record of the Table API as it came; nothing in it is trusted. */
export type Row = Record<string, unknown>;

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field as text: a reference may be `{link, value}` in place of its value. Empty for what is none. */
export function field(row: unknown, name: string): string {
  const held = isRow(row) && Object.hasOwn(row, name) ? row[name] : undefined;
  const value = isRow(held) ? held.value : held;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : '';
}

export const isSysId = (text: string | null | undefined): text is string => /^[0-9a-f]{32}$/i.test(text ?? '');

/** `YYYY-MM-DD HH:MM:SS`, UTC; null for what is none. */
export function timeOf(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null;
  const at = new Date(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The same the other way round; parts of a second are dropped, so it is never later. */
export const stampOf = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');

/** A final error in our own words. */
export const asError = (code: string, message: string): ProviderError => new ProviderError(code, message, false);
