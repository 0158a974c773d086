/** Drivers' and mongoose's names for "no server, no connection, no answer in time". */
const unavailableNames = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoClientClosedError',
]);

/** Server codes of a primary that steps down, shuts down, or could not reach its majority in time. */
const unavailableCodes = new Set([50, 64, 89, 91, 189, 10107, 11600, 11602, 13435, 13436]);

/** The driver lets a socket's own error through when a write meets a server that was just killed. */
const socketCodes = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Whether an error only says that MongoDB cannot be reached now: worth a 503 and another try, never a 500. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (unavailableNames.has(error.name)) return true;
  // With bufferCommands off, mongoose refuses an operation while it is disconnected.
  if (error.name === 'MongooseError' && error.message.includes('bufferCommands')) return true;
  if (!('code' in error)) return false;
  if (typeof error.code === 'string') return socketCodes.has(error.code);
  if (!error.name.startsWith('Mongo')) return false;
  return typeof error.code === 'number' && unavailableCodes.has(error.code);
}
