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

const nat64 = range(128, six(0x64, 0xff9b), 96);
const localNat64 = range(128, six(0x64, 0xff9b, 1), 48);
const compatible: readonly Range[] = [[2n, 0xffff_ffffn], range(128, 0xffff_0000_0000_0000n, 96)];
const metadata4: readonly Range[] = [
  range(32, four(169, 254, 0, 0), 16),
  range(32, four(100, 100, 100, 200), 32),
  range(32, four(168, 63, 129, 16), 32),
];
const metadata6: readonly Range[] = [
  [six(0xfd00, 0xec2) + 0x254n, six(0xfd00, 0xec2) + 0x254n],
  [six(0xfd00, 0xec2) + 0x23n, six(0xfd00, 0xec2) + 0x23n],
  [six(0xfd20, 0xce) + 0x254n, six(0xfd20, 0xce) + 0x254n],
];

/** Whether an address may be reached when the operator allows what `isAllowed` says of it. */
export function mayReach(address: NumberedAddress, isAllowed: (address: NumberedAddress) => boolean): boolean {
  const { bits, value } = address;
  const inside = (shift: bigint) => ({ bits: 32 as const, value: (value >> shift) & 0xffff_ffffn });
  const mayReachInside = (shift: bigint) => mayReach(inside(shift), isAllowed);
  if (bits === 32) return !within(value, metadata4) && (!within(value, blocked4) || isAllowed(address));
  if (within(value, [mapped, nat64])) return mayReachInside(0n);
  if (within(value, metadata6)) return false;
  if (!within(value, blocked6)) return true;
  if (!isAllowed(address)) return false;
  if (within(value, compatible)) return mayReachInside(0n);
  if (within(value, [range(128, six(0x2002), 16)])) return mayReachInside(80n);
  if (within(value, [range(128, six(0x2001), 32)])) {
    const client = { bits: 32 as const, value: inside(0n).value ^ 0xffff_ffffn };
    return mayReachInside(64n) && mayReach(client, isAllowed);
  }
  if (!within(value, [localNat64])) return true;
  // Behind 48, 56 and 64 bits, without byte 8.
  const joined = ((value >> 64n) << 56n) | (value & 0xff_ffff_ffff_ffffn);
  const places = [joined >> 40n, joined >> 32n, joined >> 24n, value].map((place) => place & 0xffff_ffffn);
  const isMetadata = places.some((place) => within(place, metadata4));
  return !isMetadata && (inside(0n).value === 0n || mayReachInside(0n));
}

export const isPublic = (address: NumberedAddress): boolean => mayReach(address, () => false);

export const dotted = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');

/** The ways to write an IPv6 address: all zeros written out, none, or the end in dots. */
export function spellings6(value: bigint): string[] {
  const parts = Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  const head = parts.slice(0, 6).join(':');
  const tail = dotted(value & 0xffff_ffffn);
  return [
    parts.join(':'),
    parts.map((word) => word.padStart(4, '0').toUpperCase()).join(':'),
    `${head}:${tail}`,
    ...(head === '0:0:0:0:0:ffff' ? [`::ffff:${tail}`, `::FFFF:${parts.slice(6).join(':')}`] : []),
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
  near(32, blocked4).map(({ value }) => ({ bits: 128 as const, value: nat64[0] + value })),
  near(32, blocked4).map(({ value }) => ({ bits: 128 as const, value: six(0x2002) + (value << 80n) })),
  near(32, blocked4).map(({ value }) => ({ bits: 128 as const, value: six(0x2001) + (value ^ 0xffff_ffffn) })),
  near(32, blocked4).map(({ value }) => ({ bits: 128 as const, value: localNat64[0] + value })),
);

function near(bits: 32 | 128, ranges: readonly Range[]): fc.Arbitrary<NumberedAddress> {
  return fc
    .constantFrom(...ranges)
    .chain(([first, last]) => fc.oneof(fc.constantFrom(first - 1n, first, last, last + 1n), fc.bigInt(first, last)))
    .map((value) => ({ bits, value: value < 0n ? 0n : value & ((1n << BigInt(bits)) - 1n) }));
}
