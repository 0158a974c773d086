import { detailsOf, minute, plain } from '../markdown.js';
import type { Held, PumpTerm } from '../contracts/delivery-pump.js';

/**
 * The Markdown that operators see under «User Metadata». The UI cuts it after about four lines. Numbers and a worker's
 * identity only.
 */
export function describePump(held: Held | null, lastTerm: PumpTerm | null): string {
  return detailsOf(
    `### ${held ? `Pumping on \`${plain(held.holder)}\`` : 'Waiting for a worker'}`,
    held
      ? `Since ${minute(Date.parse(held.since))}. If this worker is lost, another one takes over within seconds.`
      : '**Next:** the first worker that polls the task queue `pumps` takes it.',
    lastTerm
      ? describeTerm(lastTerm)
      : 'No term has ended yet. A term takes a minute, plus the time that slow receivers need to answer.',
    'Pending Activities shows what is in flight, in the heartbeat details.',
  );
}

function describeTerm({ posted, pumps, epoch }: PumpTerm): string {
  const tried = `${posted} ${posted === 1 ? 'delivery' : 'deliveries'} tried`;
  return `Last term: ${tried}, epoch ${epoch}, ${pumps === 1 ? 'as the only pump' : `as one of ${pumps} pumps`}.`;
}

export const describeDone = (pump: number): string =>
  `### Done\n\nFewer pumps are configured now, and number ${pump} is no longer needed. The other pumps serve its endpoints.`;
