/** An id that others chose, for what the UI shows as Markdown: nothing of that, one line, and an end. */
export function plain(text: string): string {
  return text.replace(/[^\w .:#/-]/g, '?').slice(0, 100);
}
