import { at, defineCommand } from '../../command.js';
import { idOption } from '../../options.js';
import { show } from '../../output/show.js';
import { fullTime } from '../../output/time.js';
import { secretText } from './present.js';

interface Rotated {
  secret: string;
  previous_expires_at: string | null;
}

export const rotateCommand = defineCommand({
  path: 'webhook rotate-secret',
  summary: 'give an endpoint a new secret, printed this once',
  description:
    'While both overlap, webhook-signature has a signature of each, and X-Keeptrusts-Signature-Previous one of the old secret. Rotating again within the overlap drops the oldest.',
  options: {
    id: idOption('wh_', 'the endpoint'),
    'overlap-seconds': {
      kind: 'number',
      value: 'N',
      min: 0,
      max: 604_800,
      help: 'how long the old one signs too (86400); 0 ends it now',
    },
  },
  examples: ['kt webhook rotate-secret --id wh_01JZX0 --overlap-seconds 3600'],
  run: async (call) => {
    const { id, 'overlap-seconds': overlap } = call.options;
    const body = overlap === undefined ? {} : { overlap_seconds: overlap };
    const answer = await call.api.post<Rotated>(await call.inOrg(at`/webhooks/${id}/rotate-secret`), body);
    return show(call, answer, ({ secret, previous_expires_at: until }) => {
      const old = until === null ? 'has ended.' : `signs too until ${fullTime(until, call.terminal.now)}.`;
      return `The old secret ${old}\n${secretText(secret, call.terminal)}`;
    });
  },
});
