import { parseUrl } from '../../../lib/parse-url.js';
import { defineCommand } from '../../command.js';
import { CannotError, codeOf, UsageError } from '../../errors.js';
import { reportJson, reportText } from '../../listen/report.js';
import { startReceiver, type Receiver, type ReceiverOptions } from '../../listen/server.js';
import { oneLine } from '../../output/printable.js';

const defaultPort = 4400;

export const listenCommand = defineCommand({
  path: 'webhook listen',
  summary: 'receive webhooks here, verify them, and show what arrives',
  description:
    'Listens on 127.0.0.1 until Ctrl-C. Answers 204, and 401 where a signature is wrong, saying why. Needs no API key. With --json a line of JSON for each message.',
  options: {
    port: {
      kind: 'number',
      value: 'N',
      min: 0,
      max: 65_535,
      help: `where to listen (${defaultPort}); 0 takes a free one`,
    },
    secret: {
      kind: 'texts',
      commas: false,
      value: 'whsec_…',
      help: 'verify with it; twice during a rotation. Better in KT_WEBHOOK_SECRET',
    },
    status: { kind: 'number', value: 'N', min: 200, max: 599, help: 'answer with this, to try failures: 500' },
    forward: { kind: 'text', value: 'URL', help: 'hand each message on, and answer with what comes back' },
  },
  examples: [
    'kt webhook listen --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'kt webhook listen --port 4400 --status 500',
    'kt webhook listen --forward http://localhost:3000/hooks',
  ],
  run: async ({ options, terminal }) => {
    const { port = defaultPort, secret, status, forward: forwardTo, json } = options;
    if (status !== undefined && forwardTo !== undefined) {
      throw new UsageError('--status and --forward are both given: only one can answer.');
    }
    if (forwardTo !== undefined && !/^https?:$/.test(parseUrl(forwardTo)?.protocol ?? '')) {
      throw new UsageError('--forward must be a URL such as http://localhost:3000/hooks.');
    }
    const secrets = secret.length > 0 ? secret : fromEnvironment();
    const counts = { all: 0, wrong: 0 };
    const stopped = stopSignal();
    const receiver = await start({
      port,
      secrets,
      ...(status !== undefined && { status }),
      ...(forwardTo !== undefined && { forwardTo }),
      onMessage(report) {
        counts.all += 1;
        if (report.verdict.verified === false) counts.wrong += 1;
        terminal.out(json ? reportJson(report) : `${reportText(report, terminal.paint)}\n`);
      },
      onNonsense: (what) => terminal.note(oneLine(what)),
    });
    terminal.note(welcome(receiver.port, secrets.length));
    await stopped;
    await receiver.close();
    terminal.note(`Stopped. ${counts.all} received${secrets.length > 0 ? `, ${counts.wrong} of them wrong` : ''}.`);
    return 0;
  },
});

/** Several with spaces between, as during a rotation. */
const fromEnvironment = () => (process.env.KT_WEBHOOK_SECRET ?? '').split(/\s+/).filter((text) => text !== '');

async function start(options: ReceiverOptions): Promise<Receiver> {
  try {
    return await startReceiver(options);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE')
      throw new CannotError(`Port ${options.port} is taken. Choose another: --port 0 takes a free one.`);
    throw new CannotError(`Cannot listen on port ${options.port} (${code ?? 'unknown'}).`);
  }
}

const stopSignal = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });

function welcome(port: number, secrets: number): string {
  const url = `http://127.0.0.1:${port}`;
  const verifying =
    secrets === 0
      ? 'Nothing is verified: give --secret whsec_… for that, or KT_WEBHOOK_SECRET.'
      : `Verifying with ${secrets === 1 ? 'one secret' : `${secrets} secrets`}.`;
  return [
    `Listening on ${url}. ${verifying} Ctrl-C stops.`,
    `An endpoint for it: kt webhook create --url ${url} --events escalation.created`,
  ].join('\n');
}
