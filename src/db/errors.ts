/**
 * What an error of MongoDB means.
 * - `unavailable`: no server, no primary, no majority, or no answer in time. The same call may succeed later. The write
 *   may have been applied all the same.
 * - `duplicate`: a unique index has the value already, and nothing else went wrong.
 * - `rejected`: MongoDB refused what it was asked. The same call fails again: a defect of ours, or of the deployment.
 */
export type DatabaseErrorKind = 'unavailable' | 'duplicate' | 'rejected';

/** Errors of the driver and of mongoose for "no server, no connection, no answer in time". */
const unavailableNames = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoServerClosedError',
  'MongoTopologyClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoClientClosedError',
]);

/** Codes of the server's `error_codes.yml` for states that end by themselves, or when an operator acts. */
const unavailableCodes = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  43, // CursorNotFound: the cursor was on a primary that is gone
  46, // LockBusy
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled: an index was dropped while it was read
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  237, // CursorKilled
  246, // SnapshotUnavailable
  262, // ExceededTimeLimit
  279, // ClientDisconnect
  317, // ConnectionPoolExpired
  365, // TemporarilyUnavailable
  462, // IngressRequestRateLimitExceeded
  9001, // SocketException
  10058, // LegacyNotPrimary
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted: an operator's killOp
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

/** Labels that mean the same, whatever the code is. */
const unavailableLabels = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError'];

/** The driver lets a socket's own error through when a write meets a server that was just killed. */
const socketCodes = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** E11000 and its forms for updates and for capped collections. */
const duplicateCodes = new Set([11000, 11001, 12582]);

/**
 * Where errors carry others. A bulk write wraps a network error as a `MongoBulkWriteError` without a code and keeps it in
 * `errorResponse`, and mongod reports a failed write concern beside the errors of single writes.
 */
const nestedIn = [
  'cause',
  'errorResponse',
  'originalError',
  'writeConcernError',
  'writeConcernErrors',
  'writeErrors',
  'err',
  'result',
];
const maxDepth = 5;

type Fields = Readonly<Record<string, unknown>>;

/** Decides by codes, labels and nested errors. @returns null when MongoDB is not the cause */
export function databaseErrorKind(error: unknown): DatabaseErrorKind | null {
  if (!(error instanceof Error)) return null;
  if (isSocketError(error)) return 'unavailable';
  // With bufferCommands off, mongoose refuses an operation while it is disconnected.
  if (error.name === 'MongooseError' && error.message.includes('bufferCommands')) return 'unavailable';
  if (!isOfMongo(error)) return null;
  const parts = partsOf(error);
  if (parts.some(isUnavailable)) return 'unavailable';
  const codes = parts.flatMap(({ code }) => (typeof code === 'number' ? [code] : []));
  return codes.length > 0 && codes.every((code) => duplicateCodes.has(code)) ? 'duplicate' : 'rejected';
}

/** Whether an error only says that MongoDB can't serve the call now: worth a 503 and another try, never a 500. */
export const isDatabaseUnavailable = (error: unknown): boolean => databaseErrorKind(error) === 'unavailable';

/** Whether an error is MongoDB's refusal of a second document under a unique index, and nothing else. */
export const isDuplicateKey = (error: unknown): boolean => databaseErrorKind(error) === 'duplicate';

/** The error's own code and name, without its message, which may quote stored values. */
export function databaseErrorLabel(error: Error): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'number' ? `${error.name} ${code}` : error.name;
}

const isOfMongo = ({ name }: Error) => /^Mongo|^PoolCleared/.test(name);

function isSocketError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && socketCodes.has(error.code);
}

function isUnavailable(part: Fields): boolean {
  const { name, code, errorLabels } = part;
  if (typeof name === 'string' && unavailableNames.has(name)) return true;
  if (typeof code === 'number' && unavailableCodes.has(code)) return true;
  if (typeof code === 'string' && socketCodes.has(code)) return true;
  return Array.isArray(errorLabels) && unavailableLabels.some((label) => errorLabels.includes(label));
}

/** The error, and all that it carries, each once. */
function partsOf(error: Error): Fields[] {
  const parts = new Set<Fields>();
  const add = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) for (const one of value) add(one, depth);
    else if (typeof value === 'object' && value !== null && depth <= maxDepth && !parts.has(value as Fields)) {
      parts.add(value as Fields);
      // Read by name, since many of these are getters of classes.
      for (const field of nestedIn) add((value as Fields)[field], depth + 1);
    }
  };
  add(error, 0);
  return [...parts];
}
