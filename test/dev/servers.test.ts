import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { expect, inject, onTestFinished, test } from 'vitest';
import { silentProgress } from '../../dev/binaries/progress.js';
import { projectRoot } from '../../dev/paths.js';
import { openServers } from '../../dev/servers/open.js';
import { freePort } from '../../dev/stack/ports.js';
import { eventually } from '../support/eventually.js';
import { endWorkflows, removeDatabases } from '../support/external-servers.js';
import { tempFolder } from './support/temp.js';

const external = { mongo: inject('mongoUri'), temporal: inject('temporalAddress') };

test('servers that the environment names are used, and left running', async () => {
  const folder = tempFolder();
  const env = { MONGODB_URI: external.mongo, TEMPORAL_ADDRESS: external.temporal };
  const servers = await openServers({ env, folder, progress: silentProgress });
  expect(servers.mongo).toEqual({ uri: external.mongo, isEmbedded: false });
  expect(servers.temporal).toEqual({ address: external.temporal, embedded: null });
  await servers.stop();
  expect(readdirSync(folder)).toEqual([]);
  await (await mongoClient()).db().admin().ping();
  await (await temporalClient()).workflowService.getSystemInfo({});
});

test('a server that the environment does not name is started', async () => {
  const folder = tempFolder();
  const env = { ...process.env, MONGODB_URI: external.mongo, TEMPORAL_ADDRESS: '' };
  const { mongo, temporal, stop } = await openServers({ env, folder, progress: silentProgress });
  onTestFinished(stop);
  expect(mongo).toEqual({ uri: external.mongo, isEmbedded: false });
  expect(temporal.address).not.toBe(external.temporal);
  expect(temporal.embedded?.dataFile).toContain(folder);
  expect((await fetch(temporal.embedded?.uiUrl ?? '')).status).toBe(200);
});

test('a server that does not answer is an error that says which setting names it', async () => {
  const folder = tempFolder();
  const away = `127.0.0.1:${await freePort()}`;
  const open = (env: NodeJS.ProcessEnv) => openServers({ env, folder, progress: silentProgress, answerWithinMs: 300 });
  const mongodbUri = `mongodb://me:canary@${away}`;
  const withoutMongo = await open({ MONGODB_URI: mongodbUri, TEMPORAL_ADDRESS: external.temporal }).catch(String);
  expect(withoutMongo).toContain("The server that MONGODB_URI names can't be used: ");
  expect(withoutMongo).not.toContain('canary');
  await expect(open({ MONGODB_URI: external.mongo, TEMPORAL_ADDRESS: away })).rejects.toThrow(
    "The server that TEMPORAL_ADDRESS names can't be used: ",
  );
});

test('npm run servers prints what to export, and removes all data when it is stopped', async () => {
  const folder = tempFolder();
  const program = path.join(projectRoot(), 'dist/dev/servers.js');
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const env = { PATH, HOME, XDG_CACHE_HOME, TMPDIR: folder };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill());
  const exited = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exports = /^export MONGODB_URI='(.+)'\nexport TEMPORAL_ADDRESS='(.+)'\n$/;
  await expect.poll(() => output, { timeout: 20_000 }).toMatch(exports);
  const [, mongodbUri, temporalAddress] = exports.exec(output) ?? [];
  const printed = { MONGODB_URI: mongodbUri, TEMPORAL_ADDRESS: temporalAddress };
  const servers = await openServers({ env: printed, folder, progress: silentProgress });
  expect(servers.temporal.embedded).toBeNull();
  expect(readdirSync(folder)).toHaveLength(1);
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a run removes its databases, Schedules and workflows from external servers, and no others', async () => {
  const [ours, theirs] = [0, 1].map(() => `t_${randomBytes(3).toString('hex')}_`) as [string, string];
  const [mongo, temporal] = await Promise.all([mongoClient(), temporalClient()]);
  for (const prefix of [ours, theirs]) {
    await mongo.db(`${prefix}x`).collection('notes').insertOne({ text: 'left' });
    const taskQueue = `lifecycles-${prefix}x`;
    await temporal.workflow.start('left', { taskQueue, workflowId: `left-${prefix}` });
    await temporal.schedule.create({
      scheduleId: `poll/left-${prefix}x`,
      spec: { intervals: [{ every: '1 day' }] },
      action: { type: 'startWorkflow', workflowType: 'left', taskQueue },
    });
  }
  await eventually(listed, (found) => [ours, theirs].every((prefix) => found.includes(prefix)));
  await removeDatabases(external.mongo, ours);
  await endWorkflows(external.temporal, ours);
  await eventually(listed, (found) => !found.includes(ours));
  expect((await listed()).filter((prefix) => prefix === theirs)).toHaveLength(3);
  await removeDatabases(external.mongo, theirs);
  await endWorkflows(external.temporal, theirs);

  /** The prefix of each database, Schedule and running workflow that is left of the two runs. */
  async function listed(): Promise<string[]> {
    const { databases } = await mongo.db('admin').admin().listDatabases({ nameOnly: true });
    const names = databases.map(({ name }) => name);
    for await (const { scheduleId } of temporal.schedule.list()) names.push(scheduleId);
    const query = 'ExecutionStatus = "Running" AND WorkflowType = "left"';
    for await (const { workflowId } of temporal.workflow.list({ query })) names.push(workflowId);
    return names.flatMap((name) => [ours, theirs].filter((prefix) => name.includes(prefix)));
  }
});

async function mongoClient(): Promise<mongoose.mongo.MongoClient> {
  const client = await new mongoose.mongo.MongoClient(external.mongo).connect();
  onTestFinished(() => client.close());
  return client;
}

async function temporalClient(): Promise<Client> {
  const connection = await Connection.connect({ address: external.temporal });
  onTestFinished(() => connection.close());
  return new Client({ connection });
}
