const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;
export type Style = keyof typeof codes;

/** A text in a style. Where colours are off, the text. */
export type Paint = (style: Style | null, text: string) => string;

/** The words say it all without a colour too. */
export const createPaint =
  (isOn: boolean): Paint =>
  (style, text) =>
    isOn && style !== null && text !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;

const styles: Readonly<Record<string, Style>> = {
  succeeded: 'green',
  synced: 'green',
  ready: 'green',
  enabled: 'green',
  healthy: 'green',
  failed: 'red',
  failing: 'red',
  error: 'red',
  critical: 'red',
  disabled: 'red',
  missing: 'red',
  high: 'yellow',
  retrying: 'yellow',
  parked: 'yellow',
  paused: 'yellow',
  attention: 'yellow',
  pending: 'yellow',
  medium: 'blue',
  claimed: 'blue',
  cancelled: 'dim',
  low: 'dim',
};

/** The style of a status or severity; null for words without one. */
export const styleOf = (word: string): Style | null => (Object.hasOwn(styles, word) ? (styles[word] ?? null) : null);
