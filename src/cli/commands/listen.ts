import { once } from 'node:events';
import { parseUrl } from '../../lib/parse-url.js';
import { defineCommand } from '../command.js';
import { CommandError, errorCode, UsageError } from '../errors.js';
import { startReceiver, type Receiver, type ReceiverOptions } from '../listen/receiver.js';
import { reportJson, reportText } from '../listen/report.js';
import { oneLine } from '../output/text.js';

const defaultPort = 4400;

export const listenCommand = defineCommand({
  path: 'webhook listen',
  summary: 'Receive webhooks on this machine, verify them and print them',
  description:
    'Listens on 127.0.0.1 until Ctrl-C. Answers 204, or 401 with the reason where a signature is wrong. Needs no API key. With --json it prints one line of JSON for each message.',
  options: {
    port: {
      kind: 'number',
      value: 'N',
      min: 0,
      max: 65_535,
      help: `The port to listen on (${defaultPort}); 0 takes a free one`,
    },
    secret: {
      kind: 'list',
      commas: false,
      value: 'whsec_…',
      secret: true,
      help: 'Verify with this secret; give both during a rotation. Prefer KT_WEBHOOK_SECRET',
    },
    status: { kind: 'number', value: 'N', min: 200, max: 599, help: 'Answer with this status, to try failures: 500' },
    brief: { kind: 'flag', help: 'Print one line for each message, without its body' },
    forward: { kind: 'text', value: 'URL', help: 'Send each message to this URL, and answer with its response' },
  },
  examples: [
    'kt webhook listen --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'kt webhook listen --port 4400 --brief',
    'kt webhook listen --port 4400 --status 500',
    'kt webhook listen --forward http://localhost:3000/hooks',
  ],
  run: async ({ options, terminal, io }) => {
    const { port = defaultPort, secret, status, forward: forwardTo, json, brief: isBrief } = options;
    if (status !== undefined && forwardTo !== undefined) {
      throw new UsageError('--status and --forward are both given: only one can answer.');
    }
    if (forwardTo !== undefined && !/^https?:$/.test(parseUrl(forwardTo)?.protocol ?? '')) {
      throw new UsageError('--forward must be a URL such as http://localhost:3000/hooks.');
    }
    const secrets = secret.length > 0 ? secret : secretsOf(io.env.KT_WEBHOOK_SECRET);
    const counts = { all: 0, wrong: 0 };
    const stop = io.stopSignal();
    const receiver = await start({
      port,
      secrets,
      status,
      forwardTo,
      onMessage(report) {
        counts.all += 1;
        if (report.verification.verified === false) counts.wrong += 1;
        terminal.out(json ? reportJson(report) : reportText(report, { paint: terminal.paint, isBrief }));
      },
      onInvalid: (reason) => terminal.note(oneLine(reason)),
    });
    terminal.note(welcomeText(receiver.port, secrets.length));
    if (!stop.aborted) await once(stop, 'abort');
    await receiver.close();
    terminal.note(`Stopped. ${counts.all} received${secrets.length > 0 ? `, ${counts.wrong} of them wrong` : ''}.`);
    return 0;
  },
});

/** During a rotation, the variable holds two secrets with a space between them. */
const secretsOf = (variable = '') => variable.split(/\s+/).filter((text) => text !== '');

async function start(options: ReceiverOptions): Promise<Receiver> {
  try {
    return await startReceiver(options);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRINUSE') {
      throw new CommandError(`Port ${options.port} is taken. Choose another: --port 0 takes a free one.`);
    }
    throw new CommandError(`Cannot listen on port ${options.port} (${code ?? 'unknown'}).`);
  }
}

function welcomeText(port: number, secrets: number): string {
  const url = `http://127.0.0.1:${port}`;
  const verifying =
    secrets === 0
      ? 'Nothing is verified: give --secret whsec_… or KT_WEBHOOK_SECRET to verify.'
      : `Verifying with ${secrets === 1 ? 'one secret' : `${secrets} secrets`}.`;
  return [
    `Listening on ${url}. ${verifying} Ctrl-C stops.`,
    `To create an endpoint for it: kt webhook create --url ${url} --events escalation.created`,
  ].join('\n');
}
