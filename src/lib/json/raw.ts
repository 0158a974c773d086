import { randomBytes } from 'node:crypto';
import { decimalOf, type Decimal } from './decimal.js';

const marker = `raw-${randomBytes(16).toString('hex')}-`;
const marked = new RegExp(`"${marker}(\\d+)"`, 'g');

/** The texts that the running `stringifyJson` inserts; null outside of it. */
let inserted: string[] | null = null;

/** A JSON text that is written as it is: digits, white space, key order and repeated keys stay as the sender wrote them. */
export class RawJson {
  /** @param text valid JSON */
  constructor(readonly text: string) {}

  /** Outside of `stringifyJson`, numbers may lose digits. */
  toJSON(): unknown {
    return inserted === null ? (JSON.parse(this.text) as unknown) : `${marker}${inserted.push(this.text) - 1}`;
  }
}

/** A number that a double cannot hold without changing its value, such as 8202522731445525542 or 1e400. */
export class ExactNumber extends RawJson {
  #decimal: Decimal | undefined;

  get decimal(): Decimal {
    return (this.#decimal ??= decimalOf(this.text));
  }
}

/**
 * `JSON.stringify` that writes `RawJson` and `ExactNumber` by their own text.
 * @throws RangeError for a value that nests deeper than the stack allows; TypeError as `JSON.stringify` does, and for undefined
 */
export function stringifyJson(value: unknown, indent?: number): string {
  const texts: string[] = [];
  inserted = texts;
  try {
    // Undefined for undefined and functions, whatever the type of JSON.stringify says.
    const json = JSON.stringify(value, null, indent) as string | undefined;
    if (json === undefined) throw new TypeError('This value has no JSON text.');
    return texts.length === 0 ? json : json.replace(marked, (_, index: string) => texts[Number(index)] ?? 'null');
  } finally {
    inserted = null;
  }
}
