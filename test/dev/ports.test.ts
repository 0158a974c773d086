import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { choosePort, freePort, isFree } from '../../dev/stack/ports.js';
import { choosePorts } from '../../dev/supervisor/ports.js';
import { tempFolder } from './support/temp.js';

async function occupy(port = 0): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('a port that is taken is passed over for the next one that is wanted', async () => {
  const taken = await occupy();
  const wanted = await freePort();
  expect(await isFree(taken)).toBe(false);
  expect(await choosePort([undefined, taken, wanted], new Set())).toBe(wanted);
});

test('no port is given out twice', async () => {
  const wanted = await freePort();
  const given = new Set<number>();
  expect(await choosePort([wanted], given)).toBe(wanted);
  expect(await choosePort([wanted], given)).not.toBe(wanted);
});

test('an explicit PORT that is taken is an error that names it', async () => {
  const taken = await occupy();
  const file = path.join(tempFolder(), 'ports.json');
  await expect(choosePorts(file, { PORT: String(taken) }, '127.0.0.1')).rejects.toThrow(`PORT ${taken} is taken`);
});

test('an explicit PORT that is no port is an error', async () => {
  const file = path.join(tempFolder(), 'ports.json');
  await expect(choosePorts(file, { PORT: '80x80' }, '127.0.0.1')).rejects.toThrow('has to be a port number');
});

test('a home keeps its ports from one start to the next', async () => {
  const file = path.join(tempFolder(), 'ports.json');
  const first = await choosePorts(file, {}, '127.0.0.1');
  expect(await choosePorts(file, {}, '127.0.0.1')).toEqual(first);
});

test('a former port that somebody else has now is replaced, and the others stay', async () => {
  const file = path.join(tempFolder(), 'ports.json');
  const first = await choosePorts(file, {}, '127.0.0.1');
  await occupy(first.api);
  const second = await choosePorts(file, {}, '127.0.0.1');
  expect(second.api).not.toBe(first.api);
  expect({ ...second, api: 0 }).toEqual({ ...first, api: 0 });
});
