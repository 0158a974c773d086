import mongoose, { type Connection } from 'mongoose';
import { defaultTimings, type Timings } from '../config/timings.js';

/**
 * Opens a connection whose writes are on disk of a majority before they are acknowledged. Operations fail after a few
 * seconds without a server instead of waiting: the caller gets 503 and the workers try again.
 * @param uri a MongoDB URI, with its credentials; never logged
 */
export async function connectMongo(
  uri: string,
  { maxPoolSize = 50, timings = defaultTimings }: { maxPoolSize?: number; timings?: Pick<Timings, 'mongodb'> } = {},
): Promise<Connection> {
  const { serverSelectionMs, connectMs, socketMs, writeConcernMs, waitQueueMs } = timings.mongodb;
  const connection = mongoose.createConnection(withoutConcerns(uri), {
    // Without a majority a write waits for `wtimeoutMS`, not for the socket's timeout.
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: writeConcernMs },
    // What a failover may roll back is never read: it would reach trackers and receivers and not be accepted after all.
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    retryWrites: true,
    maxPoolSize,
    waitQueueTimeoutMS: waitQueueMs,
    serverSelectionTimeoutMS: serverSelectionMs,
    connectTimeoutMS: connectMs,
    socketTimeoutMS: socketMs,
    sanitizeFilter: true,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  // Without a listener a lost server would end the process; the driver connects again by itself.
  connection.on('error', () => undefined);
  await connection.asPromise();
  return connection;
}

/** The driver lets some options of a URI win over ours, such as `journal=false`: then what is acknowledged could be lost. */
function withoutConcerns(uri: string): string {
  const at = uri.indexOf('?');
  if (at < 0) return uri;
  const kept = uri
    .slice(at + 1)
    .split('&')
    .filter((option) => !/^(w|j|journal|wtimeout|wtimeoutms|readconcernlevel|waitqueuetimeoutms)=/i.test(option));
  return `${uri.slice(0, at)}${kept.length > 0 ? '?' : ''}${kept.join('&')}`;
}
