import { randomUUID } from 'node:crypto';

/** Of each org, however many it has: one answer is as long as another. */
export const rareSeverity = { name: 'low', count: 5 };
/** In every escalation. */
export const wordOfAll = 'exfiltration';
/** The first letters of a word of all. */
export const beginning = 'exfil';
/** In one escalation of an org. @param index its place, from 0 */
export const wordOfOne = (index: number) => `run${index}x`;

/** What no policy matches. */
const harmless = 10;

/** A risk for each place: of a hundred, 55 are critical, and a page of them is full. */
export function riskAt(index: number, total: number): number {
  if (index % Math.ceil(total / rareSeverity.count) === 0) return 35;
  if (index % 20 < 12) return 95;
  return index % 2 === 0 ? 75 : 55;
}

/** A `POST /events` of as many events as there are risks. @param first the place of the first one */
export function batchOf(risks: readonly number[], first = 0): string {
  return JSON.stringify({ events: risks.map((risk, index) => eventOf(risk, first + index)) });
}

/** @param matching how many of them a policy matches, spread evenly */
export const mixedRisks = (count: number, matching: number): number[] =>
  Array.from({ length: count }, (_, index) =>
    matching > 0 && index % Math.floor(count / matching) === 0 ? 95 : harmless,
  );

/** Some 700 bytes. */
function eventOf(risk: number, place: number) {
  return {
    type: 'event.created',
    id: randomUUID(),
    data: {
      risk,
      gateway: { id: `gw-${place % 7}`, name: 'Payments', environment: 'production' },
      actor: { id: `agent-${place % 50}`, name: 'Reporting agent', email: 'agent@example.com', type: 'agent' },
      reason: `Possible ${wordOfAll} of customer records to an unknown host in ${wordOfOne(place)}, held for review.`,
      context: {
        model: 'large-2',
        tool: 'http.post',
        tokens: 1_284 + place,
        rule: { id: 'dlp.customer-records', confidence: 0.93, labels: ['pii', 'egress', 'first-seen-host'] },
        excerpt: 'The agent asked to send 1,204 rows of a table that holds names, addresses and card numbers.',
      },
    },
  };
}
