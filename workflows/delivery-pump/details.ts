import { detailsOf, minute, plain } from '../markdown.js';
import type { Held, PumpTerm } from '../contracts/delivery-pump.js';

/** What an operator reads in Markdown under «User Metadata». The UI cuts what goes beyond some four lines. Numbers and a worker's identity only. */
export function describePump(held: Held | null, lastTerm: PumpTerm | null): string {
  return detailsOf(
    `### ${held ? `Pumping on \`${plain(held.holder)}\`` : 'Waiting for a worker'}`,
    held
      ? `Since ${minute(Date.parse(held.since))}. When this worker is lost another one goes on within seconds.`
      : '**Next:** the first worker that polls the pumps’ queue takes it.',
    lastTerm
      ? describeTerm(lastTerm)
      : 'No term has ended yet; one takes a minute, and until slow receivers have answered.',
    'What is in flight now is in the heartbeat, under Pending Activities.',
  );
}

function describeTerm({ posted, pumps, epoch }: PumpTerm): string {
  const tried = `${posted} ${posted === 1 ? 'delivery' : 'deliveries'} tried`;
  return `Last term: ${tried}, epoch ${epoch}, ${pumps === 1 ? 'as the only pump' : `as one of ${pumps} pumps`}.`;
}

export const describeDone = (pump: number): string =>
  `### Done\n\nThere are fewer pumps now, and number ${pump} is none of them. The others have its share of the endpoints.`;
