/** A decimal number: `sign` × 0.`digits` × 10^`exponent`. Zero has the sign 0 and no digits. */
export interface Decimal {
  sign: -1 | 0 | 1;
  /** Without leading and trailing zeros. */
  digits: string;
  exponent: number;
}

/** @param token a number as JSON writes it */
export function decimalOf(token: string): Decimal {
  const [mantissa = '', power = '0'] = token.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first === -1) return { sign: 0, digits: '', exponent: 0 };
  let end = all.length;
  while (all.charCodeAt(end - 1) === 48) end -= 1;
  return {
    sign: mantissa.startsWith('-') ? -1 : 1,
    digits: all.slice(first, end),
    exponent: Number(power) + whole.length - first,
  };
}

/** @returns a negative number when `a` is less than `b`, 0 when they are equal, else a positive one */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.exponent !== b.exponent) return a.exponent < b.exponent ? -a.sign : a.sign;
  if (a.digits === b.digits) return 0;
  // As fractions of one exponent, digit texts compare like texts.
  return a.digits < b.digits ? -a.sign : a.sign;
}

/** A text that equal numbers share, and no other number has. */
export const decimalKey = ({ sign, digits, exponent }: Decimal): string => `${sign}:${digits}:${exponent}`;
