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
  const { serverSelectionMs, connectMs, socketMs } = timings.mongodb;
  const connection = mongoose.createConnection(withoutWriteConcern(uri), {
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    retryWrites: true,
    maxPoolSize,
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

/** The driver lets `journal=false` of a URI win over the options: then what is acknowledged could be lost. */
function withoutWriteConcern(uri: string): string {
  const at = uri.indexOf('?');
  if (at < 0) return uri;
  const kept = uri
    .slice(at + 1)
    .split('&')
    .filter((option) => !/^(w|j|journal)=/i.test(option));
  return `${uri.slice(0, at)}${kept.length > 0 ? '?' : ''}${kept.join('&')}`;
}
