/** The middle of these numbers; NaN for none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * @param share 0.99 for p99: the smallest value that at least this share of the values does not exceed
 * @returns NaN for no values
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}
