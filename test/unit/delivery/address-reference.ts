import fc from 'fast-check';

/** An address as a number, judged by arithmetic alone: it shares no code and no list with the product. */
export interface NumberedAddress {
  bits: 32 | 128;
  value: bigint;
}

/** First and last address of a range, written out by hand from WEBHOOKS.md. */
type Range = readonly [first: bigint, last: bigint];

const range = (bits: number, first: bigint, prefix: number): Range => [
  first,
  first + (1n << BigInt(bits - prefix)) - 1n,
];
const four = (a: number, b: number, c: number, d: number) =>
  (BigInt(a) << 24n) + (BigInt(b) << 16n) + (BigInt(c) << 8n) + BigInt(d);
const six = (high: number, second = 0, third = 0) =>
  (BigInt(high) << 112n) + (BigInt(second) << 96n) + (BigInt(third) << 80n);

export const blocked4: readonly Range[] = [
  range(32, four(0, 0, 0, 0), 8),
  range(32, four(10, 0, 0, 0), 8),
  range(32, four(100, 64, 0, 0), 10),
  range(32, four(127, 0, 0, 0), 8),
  range(32, four(169, 254, 0, 0), 16),
  range(32, four(172, 16, 0, 0), 12),
  range(32, four(192, 0, 0, 0), 24),
  range(32, four(192, 0, 2, 0), 24),
  range(32, four(192, 88, 99, 0), 24),
  range(32, four(192, 168, 0, 0), 16),
  range(32, four(198, 18, 0, 0), 15),
  range(32, four(198, 51, 100, 0), 24),
  range(32, four(203, 0, 113, 0), 24),
  range(32, four(224, 0, 0, 0), 4),
  range(32, four(240, 0, 0, 0), 4),
  range(32, four(255, 255, 255, 255), 32),
  range(32, four(168, 63, 129, 16), 32),
];

const mapped = range(128, 0xffff_0000_0000n, 96);

export const blocked6: readonly Range[] = [
  [0n, 0n],
  [1n, 1n],
  range(128, six(0x64, 0xff9b), 96),
  range(128, six(0x64, 0xff9b, 1), 48),
  range(128, six(0x100), 64),
  range(128, six(0x2001, 0xdb8), 32),
  range(128, six(0x2002), 16),
  range(128, six(0x3fff), 20),
  range(128, six(0x5f00), 16),
  range(128, six(0xfc00), 7),
  range(128, six(0xfe80), 10),
  range(128, six(0xff00), 8),
  // Beyond that list: IPv4 inside ::/96, protocols' own, site-local; and whatever is not in 2000::/3.
  range(128, 0n, 96),
  range(128, six(0x2001), 23),
  range(128, six(0xfec0), 10),
  [0n, six(0x2000) - 1n],
  [six(0x4000), (1n << 128n) - 1n],
];

const within = (value: bigint, ranges: readonly Range[]) =>
  ranges.some(([first, last]) => value >= first && value <= last);

export function isPublic({ bits, value }: NumberedAddress): boolean {
  if (bits === 32) return !within(value, blocked4);
  return within(value, [mapped]) ? isPublic({ bits: 32, value: value & 0xffff_ffffn }) : !within(value, blocked6);
}

export const dotted = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');

/** The ways to write an IPv6 address: all zeros written out, none, or the end in dots. */
export function spellings6(value: bigint): string[] {
  const words = Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  const head = words.slice(0, 6).join(':');
  const tail = dotted(value & 0xffff_ffffn);
  return [
    words.join(':'),
    words.map((word) => word.padStart(4, '0').toUpperCase()).join(':'),
    `${head}:${tail}`,
    ...(head === '0:0:0:0:0:ffff' ? [`::ffff:${tail}`, `::FFFF:${words.slice(6).join(':')}`] : []),
    ...(head === '0:0:0:0:0:0' && value > 0xffffn ? [`::${tail}`] : []),
  ];
}

/** Addresses everywhere, and many at the edges of the ranges, where mistakes are. */
export const anyAddress: fc.Arbitrary<NumberedAddress> = fc.oneof(
  fc.bigInt(0n, 0xffff_ffffn).map((value) => ({ bits: 32 as const, value })),
  near(32, blocked4),
  fc.bigInt(0n, (1n << 128n) - 1n).map((value) => ({ bits: 128 as const, value })),
  fc.bigInt(six(0x2000), six(0x4000) - 1n).map((value) => ({ bits: 128 as const, value })),
  near(128, blocked6),
  near(32, blocked4).map(({ value }) => ({ bits: 128 as const, value: mapped[0] + value })),
  near(128, [mapped]),
);

function near(bits: 32 | 128, ranges: readonly Range[]): fc.Arbitrary<NumberedAddress> {
  return fc
    .constantFrom(...ranges)
    .chain(([first, last]) => fc.oneof(fc.constantFrom(first - 1n, first, last, last + 1n), fc.bigInt(first, last)))
    .map((value) => ({ bits, value: value < 0n ? 0n : value & ((1n << BigInt(bits)) - 1n) }));
}
