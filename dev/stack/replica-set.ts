import mongoose from 'mongoose';

interface ReplicaSetConfig {
  _id: string;
  version: number;
  members: { _id: number; host: string }[];
}

/** MongoDB's code for a mongod that was started with `--replSet` on new data. */
const notYetInitialized = 94;

/**
 * Makes the server on this port a replica set of one, when it is none yet or was one on another port, and sees that it takes writes.
 * Made to be polled: each call gives up after a second.
 * @param name for a set that is new
 * @returns the set's name
 * @throws Error while it is not there, or not yet primary
 */
export async function prepareReplicaSet(port: number, name: string): Promise<string> {
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 1_000,
    connectTimeoutMS: 1_000,
  });
  try {
    const admin = client.db('admin');
    await ensureConfig(admin, name, `127.0.0.1:${port}`);
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary !== true || typeof hello.setName !== 'string') throw new Error('it is not primary yet');
    return hello.setName;
  } finally {
    await client.close();
  }
}

async function ensureConfig(admin: mongoose.mongo.Db, name: string, host: string): Promise<void> {
  const config = await currentConfig(admin);
  if (!config) {
    await admin.command({ replSetInitiate: { _id: name, members: [{ _id: 0, host }] } });
  } else if (config.members[0]?.host !== host) {
    // The data come from a start on another port. A set whose only member is elsewhere has no primary, so it has to be forced.
    const members = [{ ...config.members[0], _id: 0, host }];
    await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
  }
}

async function currentConfig(admin: mongoose.mongo.Db): Promise<ReplicaSetConfig | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config as ReplicaSetConfig;
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError && error.code === notYetInitialized) return undefined;
    throw error;
  }
}
