// Run by temporal.ts as a process of its own: the SDK's download cannot be told to stop, a process can.
// It fetches the development server into a folder and starts it; there is no call that only fetches.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';

const downloadDir = process.argv[2];
try {
  const executable = { type: 'cached-download', downloadDir, ttl: '365 days' };
  const log = { format: 'pretty', level: 'never' };
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable, log } });
  await environment.teardown();
  const program = readdirSync(downloadDir).find((name) => name.startsWith('temporal-'));
  console.log(`result:${path.join(downloadDir, program)}`);
} catch (error) {
  // Its message is the chain of causes, the outer ones twice; the innermost says what happened.
  console.log(`result-error: ${[...new Set(error.message.split(': '))].slice(-2).join(': ')}`);
  process.exitCode = 1;
}
