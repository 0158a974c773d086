import type { Held, PumpTerm } from '../../activities/pump/index.js';
import { plain } from '../markdown.js';

/** What an operator reads in Markdown under «User Metadata». Numbers and a worker's identity only. */
export function describePump(pump: number, held: Held | null, lastTerm: PumpTerm | null): string {
  return [
    `### ${held ? `Pumping on \`${plain(held.holder)}\`` : 'Waiting for a worker'}`,
    held
      ? `Since ${plain(held.since)}, epoch ${held.epoch}. When this worker is lost another one goes on within seconds.`
      : '**Next:** the first worker that polls the pumps’ queue takes it.',
    lastTerm
      ? `Last term: ${lastTerm.posted} ${lastTerm.posted === 1 ? 'delivery' : 'deliveries'} tried by \`${plain(lastTerm.holder)}\`, epoch ${lastTerm.epoch}, pump ${pump} of ${lastTerm.pumps} (counted from 0).`
      : 'No term has ended yet.',
    'What is in flight now is in the heartbeat, under Pending Activities; each delivery and its attempts are in the API.',
  ].join('\n\n');
}

export const describeDone = (pump: number): string =>
  `### Done\n\nThere are fewer pumps now, and number ${pump} is none of them. The others have its share of the endpoints.`;
