/** Whether `npm run faults` runs: it has the machine to itself, and time for many rounds. */
export const isCampaign = process.env.FAULT_ROUNDS !== undefined;

/** One seed a round: `npm run faults -- --rounds 10 --seed 7`; CI does one round. */
export function roundSeeds(): number[] {
  const rounds = Number(process.env.FAULT_ROUNDS ?? 1);
  const firstSeed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
  return Array.from({ length: rounds }, (_, index) => firstSeed + index);
}
