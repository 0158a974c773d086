import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import mongoose from 'mongoose';
import type { MongoBinary } from '../../../dev/binaries/mongo.js';
import { startChild } from '../../../dev/process/child.js';
import { freePort } from '../../../dev/stack/ports.js';
import { untilReady } from '../../../dev/stack/ready.js';
import type { Certificate } from './certificates.js';

export interface AuthenticatedMongo {
  /** Of the product's user, with its password in it. */
  uri: string;
  /** Another password for the same user. */
  uriWith(password: string): string;
  password: string;
  stop(): Promise<unknown>;
}

/** Besides the letters, what a URI has a meaning for. */
const newPassword = () => `${randomBytes(12).toString('hex')}@:/%`;

/**
 * MongoDB as in production: nobody is let in without a password (SCRAM), and only over TLS. The product's user may read and write its
 * own database and change its collections, and nothing else.
 */
export async function startAuthenticatedMongo(options: {
  binary: MongoBinary;
  folder: string;
  certificate: Certificate;
  caFile: string;
}): Promise<AuthenticatedMongo> {
  const { binary, folder, caFile } = options;
  const port = await freePort();
  const dataFolder = path.join(folder, 'data');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const child = startChild({
    command: binary.path,
    args: binary.kind === 'mongod' ? mongodArguments(port, options) : secantusArguments(port, options),
    env: { PATH: process.env.PATH, HOME: folder },
    logFile: path.join(folder, 'mongo.log'),
  });
  const password = newPassword();
  const uriWith = (given: string, of = 'drawbridge', parameters = 'authSource=drawbridge') =>
    `mongodb://${of}:${encodeURIComponent(given)}@localhost:${port}/drawbridge?${parameters}&directConnection=true` +
    `&tls=true&tlsCAFile=${encodeURIComponent(caFile)}`;
  const rootPassword = newPassword();
  const bare = `mongodb://localhost:${port}/?directConnection=true&tls=true&tlsCAFile=${encodeURIComponent(caFile)}`;
  await untilReady(
    'MongoDB',
    child,
    () =>
      withClient(bare, async (client) => {
        if (binary.kind === 'mongod') await initiate(client, port);
        // The first user is made without one, from this machine only.
        await client.db('admin').command({ createUser: 'root', pwd: rootPassword, roles: ['root'] });
      }),
    { deadlineMs: 60_000 },
  );
  await withClient(uriWith(rootPassword, 'root', 'authSource=admin'), (client) =>
    client.db('drawbridge').command({ createUser: 'drawbridge', pwd: password, roles: ['readWrite', 'dbAdmin'] }),
  );
  return { uri: uriWith(password), uriWith: (given) => uriWith(given), password, stop: () => child.stop() };
}

type Paths = Parameters<typeof startAuthenticatedMongo>[0];

function secantusArguments(port: number, { folder, certificate }: Paths): string[] {
  const configFile = path.join(folder, 'secantus.toml');
  writeFileSync(configFile, '', { mode: 0o600 });
  return [
    ...['--config', configFile, '--storage-path', path.join(folder, 'data'), '--port', String(port)],
    ...['--host', '127.0.0.1', '--auth', '--sync-on-commit', '--cache-size', '256M', '--log-level', 'WARNING'],
    ...['--tls-cert-file', certificate.certFile, '--tls-key-file', certificate.keyFile],
  ];
}

function mongodArguments(port: number, { folder, certificate, caFile }: Paths): string[] {
  const [keyFile, both] = [path.join(folder, 'replica.key'), path.join(folder, 'server.pem')];
  writeFileSync(keyFile, randomBytes(48).toString('base64'), { mode: 0o400 });
  const pem = [certificate.certFile, certificate.keyFile].map((file) => readFileSync(file, 'utf8')).join('\n');
  writeFileSync(both, pem, { mode: 0o600 });
  return [
    ...['--dbpath', path.join(folder, 'data'), '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', 'rs0', '--keyFile', keyFile, '--wiredTigerCacheSizeGB', '0.5'],
    ...['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', both, '--tlsCAFile', caFile],
    '--tlsAllowConnectionsWithoutCertificates',
  ];
}

/** @throws Error until it takes writes */
async function initiate(client: mongoose.mongo.MongoClient, port: number): Promise<void> {
  const admin = client.db('admin');
  const config = { _id: 'rs0', members: [{ _id: 0, host: `localhost:${port}` }] };
  await admin.command({ replSetInitiate: config }).catch(() => undefined);
  if ((await admin.command({ hello: 1 })).isWritablePrimary !== true) throw new Error('it is not primary yet');
}

async function withClient<T>(uri: string, use: (client: mongoose.mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 2_000 });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
