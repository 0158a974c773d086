import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type ReplayWorkerOptions,
} from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { readHistories } from '../support/histories.js';

const dist = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));
const fixture = (file: string) => fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));
const failureConverterPath = dist('src/temporal/failure-converter.js');

const logger = new DefaultLogger('ERROR');
// One of these tests breaks every history; what the SDK says of that belongs into no test's output.
Runtime.install({
  logger,
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
});

type Bundle = NonNullable<ReplayWorkerOptions['workflowBundle']>;

/** @returns what is wrong, by the history's name; nothing for those that replay */
async function replay(workflowBundle: Bundle): Promise<Record<string, string>> {
  const options = { workflowBundle, dataConverter: { failureConverterPath } };
  const faults: Record<string, string> = {};
  for await (const { workflowId, error } of Worker.runReplayHistories(options, readHistories())) {
    if (error) faults[workflowId] = error.message;
  }
  return faults;
}

describe('what is open when a new version starts', () => {
  it('goes on: every committed history replays with the workflows of now', async () => {
    expect(readHistories().map(({ workflowId }) => workflowId)).toEqual(
      expect.arrayContaining([
        'delivery-pump-new-run',
        'delivery-pump-not-wanted',
        'delivery-pump-pumping',
        'endpoint-cancelled',
        'endpoint-deleted',
        'endpoint-disabled',
        'endpoint-healed',
        'endpoint-new-run',
        'endpoint-sick-again-and-waiting',
        'escalation-cancelled-during-a-retry',
        'escalation-channel-healed',
        'escalation-new-run',
        'escalation-new-run-during-a-look',
        'escalation-note-after-its-end',
        'escalation-overdue',
        'escalation-resolved-unseen',
        'escalation-waiting-for-a-channel',
        'escalation-whole-life',
        'notice-cancelled-during-a-retry',
        'notice-channel-given-up',
        'notice-channel-healed',
        'notice-told-and-refused',
        'notice-waiting-for-a-channel',
        'notice-wanted-by-nobody',
        'poll-refused',
        'poll-tried-again',
        'poll-with-news',
        'ticket-closed-to-its-end',
        'ticket-new-run',
        'ticket-new-run-during-a-retry',
        'ticket-refused-then-taken',
        'ticket-tracker-healed',
        'ticket-unlinked-during-a-retry',
        'ticket-whole-life',
      ]),
    );
    expect(await replay({ codePath: dist('workflow-bundle.js') })).toEqual({});
  });

  it('would be seen to break: a workflow that does something else replays none of them', async () => {
    const incompatible = await bundleWorkflowCode({
      workflowsPath: fixture('incompatible.ts'),
      failureConverterPath,
      logger,
    });
    const faults = await replay(incompatible);
    expect(Object.keys(faults).sort()).toEqual(
      readHistories()
        .map(({ workflowId }) => workflowId)
        .sort(),
    );
    expect(Object.values(faults).join()).toMatch(/[Nn]ondeterminism/);
  });

  it('holds nothing that says where they were recorded', () => {
    for (const { workflowId, history } of readHistories()) {
      const text = JSON.stringify(history);
      expect(text, workflowId).not.toMatch(/\d+@\w+|worker\/[0-9a-f]|api\/[0-9a-f]|\/home\/|\/work\/|node_modules/);
    }
  });
});
