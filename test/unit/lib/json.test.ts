import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareDecimals,
  decimalOf,
  ExactNumber,
  jsonTextOf,
  parseJsonExactly,
  parseJsonWithSources,
  RawJson,
  stringifyJson,
} from '../../../src/lib/json/index.js';
import { jsonText } from '../../support/json-text.js';

describe('parseJsonExactly', () => {
  it('keeps every digit of a number that a double cannot hold', () => {
    const json = '{"a":8202522731445525542,"b":[1e400,-0.12345678901234567890],"__proto__":12345678901234567890}';
    expect(stringifyJson(parseJsonExactly(json))).toBe(json);
  });

  it('parses what a double holds to a plain number', () => {
    expect(parseJsonExactly('[1.10,9007199254740992,1e22,5e-324,0.1,1e100]')).toEqual([
      1.1, 9007199254740992, 1e22, 5e-324, 0.1, 1e100,
    ]);
  });

  it('does not mistake digits within a text for a number', () => {
    const json = '{"id":"8202522731445525542","quoted":"\\"8202522731445525542\\\\","n":1}';
    expect(parseJsonExactly(json)).toEqual(JSON.parse(json));
  });

  it('parses everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(jsonText(), (json) => {
        const exact = JSON.stringify(parseJsonExactly(json));
        expect(exact).toBe(JSON.stringify(JSON.parse(json)));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what is not JSON', () => {
    for (const text of ['', '{', '[01]', '8202522731445525542x', '{"a":1e400']) {
      expect(() => parseJsonExactly(text)).toThrow(SyntaxError);
    }
  });

  it('parses a text of any depth without overflowing the stack', () => {
    const json = `${'['.repeat(100_000)}8202522731445525542${']'.repeat(100_000)}`;
    let value = parseJsonExactly(json);
    while (Array.isArray(value)) value = value[0] as unknown;
    expect(value).toBeInstanceOf(ExactNumber);
  });
});

describe('jsonTextOf', () => {
  it('gives the bytes of an object as its sender wrote them, and of the last one when a key is repeated', () => {
    const json =
      ' {"data": {"a":{"x":9}} , "events": [ {"data":{"n":1.10, "n":2e0,"a" : [ ] } } ], "data": {"a":{} , "b":"}{"} }';
    const value = parseJsonWithSources(json) as { data: object; events: { data: object }[] };
    expect(jsonTextOf(value.data)).toBe('{"a":{} , "b":"}{"}');
    expect(jsonTextOf(value.events[0]?.data)).toBe('{"n":1.10, "n":2e0,"a" : [ ] }');
  });

  it('gives the same bytes for any JSON object, wherever a body carries it', () => {
    fc.assert(
      fc.property(jsonText(), jsonText(), jsonText(), (first, second, other) => {
        const data = `{"a":${first},"__proto__":${second},"a":${other}}`;
        const value = parseJsonWithSources(`{"x":${other},"events":[{"y":${first},"data":${data}}]}`);
        expect(jsonTextOf((value as { events: { data: object }[] }).events[0]?.data)).toBe(data);
      }),
      { numRuns: 500 },
    );
  });

  it('writes a value that was not parsed here like JSON.stringify', () => {
    expect(jsonTextOf({ a: [1, 'b', null] })).toBe('{"a":[1,"b",null]}');
  });
});

describe('stringifyJson', () => {
  it('inserts raw texts as they are, and everything else like JSON.stringify', () => {
    const value = { a: new RawJson('{"n": 1.10}'), b: [new ExactNumber('1e400'), 'raw-0', '"'], c: undefined };
    expect(stringifyJson(value)).toBe('{"a":{"n": 1.10},"b":[1e400,"raw-0","\\""]}');
    expect(JSON.stringify(value.a)).toBe('{"n":1.1}');
  });

  it('has no text for undefined', () => {
    expect(() => stringifyJson(undefined)).toThrow(TypeError);
  });
});

describe('compareDecimals', () => {
  it('orders numbers as their values, whatever their notation', () => {
    const ascending = [
      '-1e400',
      '-9007199254740993',
      '-9007199254740992',
      '-1',
      '0',
      '1e-400',
      '0.1',
      '1',
      '12e-1',
      '9007199254740992',
      '9007199254740993.0',
      '9007199254740993.1',
      '1e400',
      '1.1e400',
    ];
    for (const [i, a] of ascending.entries())
      for (const [j, b] of ascending.entries())
        expect([a, b, Math.sign(compareDecimals(decimalOf(a), decimalOf(b)))]).toEqual([a, b, Math.sign(i - j)]);
    for (const equal of ['1.0', '10e-1', '0.1e1', '1'])
      expect(compareDecimals(decimalOf(equal), decimalOf('1'))).toBe(0);
    for (const zero of ['0', '-0', '0.00', '0e9']) expect(compareDecimals(decimalOf(zero), decimalOf('0'))).toBe(0);
  });

  it('agrees with doubles', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(double, double, (a, b) => {
        expect(Math.sign(compareDecimals(decimalOf(String(a)), decimalOf(String(b))))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});
