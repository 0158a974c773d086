/** Reads `2026-01-01T00:00:00.000+0000`. @returns null for what is no time */
export function timeOf(value: string | undefined): Date | null {
  if (value === undefined) return null;
  const at = new Date(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at.getTime()) ? null : at;
}
