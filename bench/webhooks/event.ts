/** Such as a gateway sends for each decision; some 700 bytes, and no policy matches it. */
const event = {
  type: 'event.created',
  data: {
    risk: 10,
    gateway: { id: 'gw-3', name: 'Payments', environment: 'production' },
    actor: { id: 'agent-17', name: 'Reporting agent', email: 'agent@example.com', type: 'agent' },
    reason: 'Customer records were asked for by a known host, within the limits of its role.',
    context: {
      model: 'large-2',
      tool: 'http.post',
      tokens: 1_284,
      rule: { id: 'dlp.customer-records', confidence: 0.93, labels: ['pii', 'egress', 'known-host'] },
      excerpt: 'The agent asked to send 1,204 rows of a table that holds names, addresses and card numbers.',
    },
  },
};

const one = JSON.stringify(event);
const bodies = new Map<number, string>([[1, one]]);

/** A `POST /events` of so many. Made once: what the publisher computes, the others cannot. */
export function bodyOf(count: number): string {
  const body = bodies.get(count) ?? `{"events":[${Array.from({ length: count }, () => one).join(',')}]}`;
  bodies.set(count, body);
  return body;
}
