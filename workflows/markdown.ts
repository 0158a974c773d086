/**
 * What `setCurrentDetails` takes. The UI makes the frame that it shows it in one line too low, and cuts the last one: so
 * the last is empty.
 */
export const detailsOf = (...paragraphs: string[]): string => [...paragraphs, '\u00a0'].join('\n\n');

/** An id that others chose, for what the UI shows as Markdown: nothing of that, one line, and an end. */
export function plain(text: string): string {
  return text.replace(/[^\w .:#/-]/g, '?').slice(0, 100);
}

/** A time to the second: for what has happened. @param ms since 1970 */
export const second = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A time, as the UI writes it. Rounded down: whoever is told a time had better be early than late. @param ms since 1970 */
export const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
