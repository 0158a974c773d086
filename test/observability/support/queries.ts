const functions = new Set([
  ...['absent', 'clamp_min', 'count', 'delta', 'histogram_quantile', 'increase', 'label_replace', 'label_values'],
  ...['max', 'min', 'rate', 'sum', 'topk'],
]);
const keywords = new Set(['by', 'without', 'offset', 'on', 'ignoring', 'and', 'or', 'unless', 'bool']);

/** The names of the metrics in a PromQL query. */
export function metricsIn(query: string): string[] {
  const bare = query
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, '')
    .replace(/\boffset\s+\w+/g, '')
    .replace(/label_values\(([^,)]*),[^)]*\)/g, 'label_values($1)');
  const names = bare.match(/[a-zA-Z_]\w*/g) ?? [];
  return [...new Set(names.filter((name) => !functions.has(name) && !keywords.has(name)))];
}
