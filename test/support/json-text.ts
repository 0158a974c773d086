import fc from 'fast-check';

/** JSON texts as odd senders write them: white space, big integers, exponents, escapes, repeated keys and `__proto__`. */
export const jsonText = (): fc.Arbitrary<string> =>
  fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.oneof(number(), text(), fc.constantFrom('true', 'false', 'null')),
      listOf(tie('value'), '[', ']'),
      listOf(
        fc.tuple(text(), space(), tie('value')).map(([key, blank, value]) => `${key}${blank}:${blank}${value}`),
        '{',
        '}',
      ),
    ),
  })).value;

const space = () => fc.constantFrom('', '', ' ', '\n  ', '\t');

const text = () =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 10 }).map((plain) => JSON.stringify(plain)),
    fc.constantFrom(
      '"a"',
      '"__proto__"',
      '"constructor"',
      '"\\u00e9\\ud83d\\ude00"',
      '"}],{["',
      '"\\\\"',
      '"$where"',
      '"a.b"',
    ),
  );

const number = () =>
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 0n, max: 10n ** 40n })).map(String),
      fc.constantFrom('', '.10', '.0', '.123456789012345678901'),
      fc.constantFrom('', '', 'e0', 'E+2', 'e-7', 'e400', 'e-400'),
    )
    .map((parts) => parts.join(''));

const listOf = (item: fc.Arbitrary<string>, open: string, close: string) =>
  fc
    .tuple(space(), fc.array(item, { maxLength: 4 }), space())
    .map(([before, items, between]) => `${open}${before}${items.join(`${between},${before}`)}${between}${close}`);
