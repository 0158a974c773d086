type Row = Record<string, string>;

interface Term {
  field: string;
  operator: string;
  value: string;
}

/** The longer ones first: `>=` would otherwise be read as `>`. */
const pattern = /^([a-z_]+?)(STARTSWITH|ENDSWITH|NOT IN|IN|LIKE|ISEMPTY|>=|<=|!=|=|>|<)(.*)$/s;

/**
 * Runs an encoded query as an instance does: a term that cannot be understood, or on a field that is not known, is
 * ignored without a word, and everything comes back.
 * @returns the rows in their order, and the terms that were ignored
 */
export function runQuery(rows: readonly Row[], query: string, knows: (field: string) => boolean) {
  const ignored: string[] = [];
  const orders: { field: string; down: boolean }[] = [];
  const terms: Term[] = [];
  for (const text of query.split('^').filter((part) => part !== '')) {
    const order = /^ORDERBY(DESC)?([a-z_]+)$/.exec(text);
    const term = order ? null : pattern.exec(text);
    const field = order?.[2] ?? term?.[1] ?? '';
    if (!knows(field)) ignored.push(text);
    else if (order) orders.push({ field, down: order[1] === 'DESC' });
    else if (term) terms.push({ field, operator: term[2] ?? '', value: term[3] ?? '' });
  }
  const found = rows.filter((row) => terms.every((term) => holds(term, row[term.field] ?? '')));
  return { rows: found.toSorted((a, b) => compare(a, b, orders)), ignored };
}

function holds({ operator, value }: Term, held: string): boolean {
  switch (operator) {
    case '=':
      return held === value;
    case '!=':
      return held !== value;
    case '>=':
      return held >= value;
    case '<=':
      return held <= value;
    case '>':
      return held > value;
    case '<':
      return held < value;
    case 'IN':
      return value.split(',').includes(held);
    case 'NOT IN':
      return !value.split(',').includes(held);
    case 'STARTSWITH':
      return held.startsWith(value);
    case 'ENDSWITH':
      return held.endsWith(value);
    case 'ISEMPTY':
      return held === '';
    default:
      return held.toLowerCase().includes(value.toLowerCase());
  }
}

function compare(a: Row, b: Row, orders: { field: string; down: boolean }[]): number {
  for (const { field, down } of orders) {
    const [left = '', right = ''] = [a[field], b[field]];
    if (left !== right) return left < right === down ? 1 : -1;
  }
  return 0;
}
