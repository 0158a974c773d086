/** How often each `webhook-id` has come: a receiver has to take it once. Forgets the oldest. */
export function createSeen(most = 10_000): (id: string) => number {
  const counts = new Map<string, number>();
  return (id) => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.delete(id);
    counts.set(id, count);
    if (counts.size > most) counts.delete(counts.keys().next().value ?? '');
    return count;
  };
}
