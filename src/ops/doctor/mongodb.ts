import type { Connection, mongo } from 'mongoose';
import { connectMongo } from '../../db/connect.js';
import { attention, bad, count, ok, reason, type Finding } from './finding.js';

/** As API and worker do it. @throws the driver's error */
export const openMongo = (uri: string): Promise<Connection> => connectMongo(uri, { maxPoolSize: 4 });

const oldest = [6, 0] as const;
/** A majority that is there answers in milliseconds. */
const majorityWithinMs = 5_000;

/** The servers of a URI, without its credentials. */
export function serversOf(uri: string): string {
  const [, authority = ''] = /^mongodb(?:\+srv)?:\/\/([^/?]*)/.exec(uri) ?? [];
  return authority.slice(authority.lastIndexOf('@') + 1) || 'the servers of MONGODB_URI';
}

/** What to do about a server that was not reached. */
export function unreachable(uri: string, error: unknown): Finding {
  const message = reason(error);
  const isLogin = /auth|not authorized/i.test(message);
  return bad(
    'mongodb.reachable',
    `MongoDB at ${serversOf(uri)} ${isLogin ? 'refuses the login' : 'does not answer'}: ${message}.`,
    isLogin
      ? 'Put the right user, password and authSource into MONGODB_URI.'
      : 'Start it, or correct host, port, replicaSet and tls in MONGODB_URI; look whether a firewall is between.',
  );
}

/** Version, kind of server, and whether a write is safe when it is acknowledged. */
export async function checkMongo(connection: Connection, uri: string, production: boolean): Promise<Finding[]> {
  const admin = connection.getClient().db().admin();
  const [hello, build] = await Promise.all([admin.command({ hello: 1 }), admin.command({ buildInfo: 1 })]);
  return [
    ok('mongodb.reachable', `MongoDB at ${serversOf(uri)} answers.`),
    version(build, production),
    topology(hello),
    uriConcern(uri),
    await majority(connection),
  ];
}

function version({ version: text, secantusVersion }: mongo.Document, production: boolean): Finding {
  const id = 'mongodb.version';
  const message = String(text);
  if (typeof secantusVersion === 'string') {
    const detail = `It is the stand-in secantusd-rs ${secantusVersion}, for development and tests.`;
    return production ? bad(id, detail, 'Set MONGODB_URI to a MongoDB replica set.') : ok(id, detail);
  }
  const [major = 0, minor = 0] = message.split('.').map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  if (!isOld) return ok(id, `MongoDB ${message}.`);
  return bad(id, `MongoDB is ${message}.`, `Upgrade it to ${oldest.join('.')} or later.`);
}

function topology({ setName, msg, hosts }: mongo.Document): Finding {
  const id = 'mongodb.replica_set';
  if (msg === 'isdbgrid') return ok(id, 'A sharded cluster.');
  if (typeof setName !== 'string') {
    return bad(
      id,
      'MongoDB stands alone: a write that it has acknowledged may be rolled back or lost with its disk.',
      'Run it as a replica set, of three members in production (mongod --replSet, rs.initiate()).',
    );
  }
  const members = Array.isArray(hosts) ? hosts.length : 1;
  return ok(id, `Replica set ${setName}, ${count(members, 'data-bearing member')}.`);
}

/** API and worker ask for a majority with its journal, whatever the URI says; who reads the URI should not believe otherwise. */
function uriConcern(uri: string): Finding {
  const id = 'mongodb.write_concern';
  const query = new URLSearchParams(uri.includes('?') ? uri.slice(uri.indexOf('?')) : '');
  const given = [...query].map(([key, value]) => ({ key, value, name: key.toLowerCase() }));
  const weaker = given.filter(
    ({ name, value }) =>
      (name === 'w' && value !== 'majority') || ((name === 'journal' || name === 'j') && value !== 'true'),
  );
  if (weaker.length === 0)
    return ok(id, 'Writes are acknowledged by a majority, with its journal (w: majority, j: true).');
  const message = weaker.map(({ key, value }) => `${key}=${value}`).join(' and ');
  return attention(
    id,
    `MONGODB_URI says ${message}; Drawbridge asks for w: majority and j: true all the same.`,
    'Take it out of MONGODB_URI, so that nobody is misled.',
  );
}

/** A deletion of nothing waits for the majority as any write does, and changes nothing. */
async function majority(connection: Connection): Promise<Finding> {
  const id = 'mongodb.majority';
  try {
    await connection
      .getClient()
      .db()
      .collection<{ _id: string }>('worker_presence')
      .deleteOne(
        { _id: 'doctor: there is none of this name' },
        { writeConcern: { w: 'majority', journal: true, wtimeoutMS: majorityWithinMs } },
      );
    return ok(id, 'A majority of the replica set acknowledges writes.');
  } catch (error) {
    const message = reason(error);
    if (/not authorized|unauthorized/i.test(message))
      return bad(id, 'The user of MONGODB_URI may not write.', 'Grant it readWrite on the database of the URI.');
    return bad(
      id,
      `No majority acknowledges a write within ${majorityWithinMs / 1000} s: ${message}. Every call that writes will fail.`,
      'Look at rs.status(): bring back the members that are down or lag.',
    );
  }
}
