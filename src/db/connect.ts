import mongoose, { type Connection } from 'mongoose';

/**
 * Opens a connection whose writes are on disk of a majority before they are acknowledged. Operations fail after a few
 * seconds without a server instead of waiting: the caller gets 503 and the workers try again.
 * @param uri a MongoDB URI, with its credentials; never logged
 */
export async function connectMongo(uri: string, options: { maxPoolSize?: number } = {}): Promise<Connection> {
  const connection = mongoose.createConnection(withoutWriteConcern(uri), {
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    retryWrites: true,
    maxPoolSize: options.maxPoolSize ?? 50,
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: 30_000,
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
