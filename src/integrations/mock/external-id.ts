const prefix = 'mock-TCK-';

/** What people call the mock's ticket with this number. */
export const externalIdOf = (number: number): string => `${prefix}${number}`;

/** The number in an external id; null when it is none of the mock's. */
export function numberIn(externalId: string): number | null {
  const digits = /^mock-TCK-([1-9]\d{0,14})$/.exec(externalId)?.[1];
  return digits === undefined ? null : Number(digits);
}
