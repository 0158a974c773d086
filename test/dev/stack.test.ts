import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Connection as MongoConnection } from 'mongoose';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { ensureBinaries } from '../../dev/binaries/index.js';
import { startMongo, type RunningMongo } from '../../dev/stack/mongo.js';
import { prepareNamespace } from '../../dev/stack/namespace.js';
import { searchAttributes } from '../../dev/stack/search-attributes.js';
import { startTemporal, type RunningTemporal } from '../../dev/stack/temporal.js';
import { connectMongo } from '../../src/db/connect.js';
import { initialTicketAttributes, ticketAttributes } from '../../workflows/contracts/search-attributes.js';
import { tempFolder } from './support/temp.js';

let binaries: Awaited<ReturnType<typeof ensureBinaries>>;
beforeAll(async () => {
  binaries = await ensureBinaries();
}, 900_000);

async function mongo(folder: string, port?: number): Promise<RunningMongo> {
  const dataFolder = path.join(folder, 'mongo');
  const server = await startMongo({
    binary: binaries.mongo,
    dataFolder,
    port,
    logFile: path.join(folder, 'mongo.log'),
  });
  onTestFinished(() => void server.kill());
  return server;
}

async function connected(uri: string): Promise<MongoConnection> {
  const connection = await connectMongo(uri);
  onTestFinished(() => connection.close());
  return connection;
}

async function temporal(folder: string, ports: Partial<RunningTemporal['ports']> = {}): Promise<RunningTemporal> {
  const dataFile = path.join(folder, 'temporal.db');
  const server = await startTemporal({
    binary: binaries.temporal,
    dataFile,
    ports,
    logFile: path.join(folder, 'temporal.log'),
  });
  onTestFinished(() => void server.kill());
  return server;
}

async function clientOf(server: RunningTemporal): Promise<Client> {
  const connection = await Connection.connect({ address: server.address });
  onTestFinished(() => connection.close());
  return new Client({ connection });
}

test("MongoDB's data are there after a stop, also on another port", async () => {
  const folder = tempFolder();
  const first = await mongo(folder);
  await (await connected(first.uri)).collection('notes').insertOne({ text: 'kept' });
  await first.stop();
  const second = await mongo(folder);
  expect(second.port).not.toBe(first.port);
  expect(await (await connected(second.uri)).collection('notes').countDocuments({ text: 'kept' })).toBe(1);
});

test('kill -9 of MongoDB in the middle of writes loses none that was acknowledged', async () => {
  const folder = tempFolder();
  const server = await mongo(folder);
  const writing = await connected(server.uri);
  const notes = writing.collection<{ _id: number }>('notes');
  const acknowledged: number[] = [];
  let next = 0;
  const write = async (): Promise<void> => {
    for (;;) {
      const id = next++;
      await notes.insertOne({ _id: id });
      acknowledged.push(id);
    }
  };
  const writers = Array.from({ length: 8 }, () => write().catch(() => undefined));
  await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(300);
  await server.kill();
  const known = [...acknowledged];
  const again = await mongo(folder, server.port);
  const found = await (await connected(again.uri)).collection<{ _id: number }>('notes').distinct('_id', {});
  expect(known.filter((id) => !found.includes(id))).toEqual([]);
  await writing.close();
  await Promise.all(writers);
}, 60_000);

test('a prepared namespace keeps its workflows for a week and finds them by every attribute', async () => {
  const server = await temporal(tempFolder());
  expect(await prepareNamespace(server.address, 'default')).toEqual([...searchAttributes]);
  expect(await prepareNamespace(server.address, 'default')).toEqual([]);
  const client = await clientOf(server);
  const { config } = await client.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 24 * 60 * 60);
  const listed = await client.workflow.count(searchAttributes.map((name) => `${name} = "x"`).join(' OR '));
  expect(listed.count).toBe(0);
});

test('every attribute that a workflow sets is registered', () => {
  const link = { org_id: 'o', subject: { id: 's' }, provider: 'mock', draft: { severity: 'high' } };
  const set = [
    ...initialTicketAttributes(link),
    ...ticketAttributes({ provider: 'mock', externalId: 'x', lifecycle: 'synced' }),
  ];
  expect(searchAttributes).toEqual(expect.arrayContaining(set.map(({ key }) => key.name)));
});

test('a workflow that was started survives kill -9 of Temporal, on the same ports', async () => {
  const folder = tempFolder();
  const first = await temporal(folder);
  const handle = await (await clientOf(first)).workflow.start('any', { taskQueue: 'nobody', workflowId: 'survivor' });
  await first.kill();
  const second = await temporal(folder, first.ports);
  expect(second.ports).toEqual(first.ports);
  const described = await (await clientOf(second)).workflow.getHandle(handle.workflowId).describe();
  expect(described.status.name).toBe('RUNNING');
});

test('a server that cannot start says why, with the end of its own log', async () => {
  const folder = tempFolder();
  const running = await mongo(folder);
  const binary = { ...binaries.mongo };
  const second = startMongo({
    binary,
    dataFolder: path.join(folder, 'mongo'),
    logFile: path.join(folder, 'second.log'),
  });
  await expect(second).rejects.toThrow(/before it was ready\. Its last lines:\n {4}/);
  await running.stop();
});

test('the stand-in for MongoDB is not started in production', async () => {
  const folder = tempFolder();
  const binary = { kind: 'secantus', path: '/bin/true' } as const;
  const started = startMongo({
    binary,
    dataFolder: folder,
    logFile: path.join(folder, 'log'),
    env: { NODE_ENV: 'production' },
  });
  await expect(started).rejects.toThrow('not used with NODE_ENV=production');
});
