const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;
export type Style = keyof typeof codes;

/** A text in a style, or unchanged where colours are off. */
export type Paint = (style: Style | null, text: string) => string;

export const createPaint =
  (isOn: boolean): Paint =>
  (style, text) =>
    isOn && style !== null && text !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;

const termsByStyle: Partial<Record<Style, readonly string[]>> = {
  green: ['succeeded', 'synced', 'ready', 'enabled', 'healthy'],
  red: ['failed', 'failing', 'error', 'critical', 'disabled', 'missing'],
  yellow: ['high', 'retrying', 'parked', 'paused', 'attention', 'pending'],
  blue: ['medium', 'claimed'],
  dim: ['cancelled', 'low'],
};
const statusStyles = new Map(
  Object.entries(termsByStyle).flatMap(([style, terms]) => terms.map((word) => [word, style as Style])),
);

/** The style of a status or a severity; null for any other word. */
export const statusStyle = (word: string): Style | null => statusStyles.get(word) ?? null;
