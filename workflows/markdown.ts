/**
 * Joins paragraphs for `setCurrentDetails`. The UI makes the frame one line too short and cuts the last line, so the
 * last one is empty.
 */
export const detailsOf = (...paragraphs: string[]): string => [...paragraphs, '\u00a0'].join('\n\n');

/** Makes a foreign id safe to show as Markdown: no markup, one line, limited length. */
export function plain(text: string): string {
  return text.replace(/[^\w .:#/-]/g, '?').slice(0, 100);
}

/** A past time, to the second. @param ms since 1970 */
export const second = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/**
 * A time in the UI's own format. Rounded down, because a time that is too early does less harm than one that is too
 * late.
 * @param ms since 1970
 */
export const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
