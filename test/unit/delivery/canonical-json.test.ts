import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/lib/canonical-json.js';

describe('canonical JSON', () => {
  it('keeps the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is the same text in whatever order the keys were set', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (pairs) => {
        // fromEntries takes `__proto__` for a key like any other.
        expect(canonicalJson(Object.fromEntries(pairs))).toBe(canonicalJson(Object.fromEntries([...pairs].reverse())));
      }),
    );
  });

  it('has the keys in order at every level', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const keys of keyListsIn(canonicalJson(value))) expect(keys).toEqual([...keys].sort());
      }),
    );
  });

  it('sorts keys that look like numbers as texts, and keeps __proto__', () => {
    const value: unknown = JSON.parse('{"b":1,"10":2,"9":3,"__proto__":{"z":1,"a":2},"a":[{"y":1,"x":2},3]}');
    expect(canonicalJson(value)).toBe('{"10":2,"9":3,"__proto__":{"a":2,"z":1},"a":[{"x":2,"y":1},3],"b":1}');
  });

  it('is compact, and leaves text unescaped', () => {
    expect(canonicalJson({ t: 'Zürich – 🔐 </script>\n' })).toBe('{"t":"Zürich – 🔐 </script>\\n"}');
  });

  it('treats what JSON cannot hold as JSON.stringify does', () => {
    const value = { at: new Date(0), none: undefined, list: [undefined, Number.NaN, () => 1], n: -0 };
    expect(canonicalJson(value)).toBe('{"at":"1970-01-01T00:00:00.000Z","list":[null,null,null],"n":0}');
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
    expect(() => canonicalJson({ big: 1n })).toThrow(TypeError);
  });
});

/** The keys of each object in a text, in the order in which they are written there. */
function keyListsIn(text: string): string[][] {
  const lists: string[][] = [];
  const open: (string[] | null)[] = [];
  for (const [token, key] of text.matchAll(/"(?:[^"\\]|\\.)*"(:?)|[[\]{}]/g)) {
    if (token === '{' || token === '[') open.push(token === '{' ? [] : null);
    else if (token === '}' || token === ']') {
      const keys = open.pop();
      if (keys) lists.push(keys);
    } else if (key === ':') open.at(-1)?.push(JSON.parse(token.slice(0, -1)) as string);
  }
  return lists;
}
