import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { asFailure } from '../../../activities/failures.js';
import { databaseErrorKind } from '../../../src/db/errors.js';

const { MongoNetworkError, MongoServerError, MongoBulkWriteError, MongoServerSelectionError } = mongoose.mongo;
type BulkResult = ConstructorParameters<typeof MongoBulkWriteError>[1];

const noResult = { insertedCount: 0 } as BulkResult;
const refusal = (code: number, more: object = {}) => new MongoServerError({ message: 'canary', code, ...more });
const named = (name: string, more: object = {}) => Object.assign(new Error('canary'), { name, ...more });
const writeError = (code: number) => ({ code, index: 0, errmsg: 'canary' });
const bulk = (...codes: number[]) =>
  Object.assign(new MongoBulkWriteError({ message: 'canary', code: codes[0] ?? 0 }, noResult), {
    writeErrors: codes.map(writeError),
  });
/** As `connection.command` of the driver throws it when a reply has a failed write concern. */
const concern = (code: number, reply: object = {}) =>
  named('MongoWriteConcernError', { code, result: { ok: 1, writeConcernError: { code }, ...reply } });

describe('MongoDB is unavailable', () => {
  it.each([6, 7, 43, 50, 64, 89, 91, 112, 133, 134, 189, 262, 462, 9001, 10107, 11600, 11602, 13435, 13436])(
    'by the code %d',
    (code) => {
      expect(databaseErrorKind(refusal(code))).toBe('unavailable');
      expect(databaseErrorKind(concern(code))).toBe('unavailable');
    },
  );

  it.each(['RetryableWriteError', 'SystemOverloadedError', 'RetryableError'])('by the label %s', (label) => {
    expect(databaseErrorKind(refusal(8, { errorLabels: [label] }))).toBe('unavailable');
  });

  it('when a bulk write wraps a network or selection error, which leaves no code', () => {
    for (const name of [
      'MongoNetworkError',
      'MongoServerSelectionError',
      'MongoPoolClearedError',
      'MongoServerClosedError',
    ]) {
      const reason = Object.defineProperty(new MongoNetworkError('connection 7 closed'), 'name', { value: name });
      const error = new MongoBulkWriteError(reason, noResult);
      expect(error.code).toBeUndefined();
      expect(databaseErrorKind(error)).toBe('unavailable');
    }
  });

  it('when one write of many met a primary that stepped down, or their majority failed, duplicates or not', () => {
    expect(databaseErrorKind(bulk(11000, 11602))).toBe('unavailable');
    expect(databaseErrorKind(concern(64, { writeErrors: [writeError(11000)] }))).toBe('unavailable');
    const result = { result: { writeErrors: [writeError(11000)], writeConcernErrors: [{ code: 91 }] } };
    expect(databaseErrorKind(Object.assign(bulk(11000), { result }))).toBe('unavailable');
  });

  it('by a cause that is a socket’s own error', () => {
    expect(databaseErrorKind(Object.assign(new Error('write'), { code: 'EPIPE' }))).toBe('unavailable');
    const cause = Object.assign(new Error('read'), { code: 'ECONNRESET' });
    expect(databaseErrorKind(named('MongoError', { cause }))).toBe('unavailable');
  });

  it('with a real error of the driver', async () => {
    const client = new mongoose.mongo.MongoClient('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMS: 50 });
    const insert = (many: boolean) => {
      const things = client.db('t').collection('things');
      return many ? things.insertMany([{ a: 1 }]) : things.insertOne({ a: 1 });
    };
    for (const many of [false, true]) {
      const error: unknown = await insert(many).catch((reason: unknown) => reason);
      expect(databaseErrorKind(error)).toBe('unavailable');
      if (!many) expect(error).toBeInstanceOf(MongoServerSelectionError);
    }
    await client.close();
  });
});

describe('other errors of MongoDB', () => {
  it('are duplicates when nothing else went wrong', () => {
    expect(databaseErrorKind(refusal(11000))).toBe('duplicate');
    expect(databaseErrorKind(bulk(11000, 11000))).toBe('duplicate');
    expect(databaseErrorKind(bulk(11000, 121))).toBe('rejected');
  });

  it('are rejected: codes of bad requests, of missing rights, and errors of the driver about its input', () => {
    for (const code of [2, 9, 13, 18, 40, 66, 72, 121, 10334])
      expect(databaseErrorKind(refusal(code))).toBe('rejected');
    expect(databaseErrorKind(named('MongoInvalidArgumentError'))).toBe('rejected');
    expect(databaseErrorKind(bulk(66))).toBe('rejected');
  });

  it('are not seen in errors of others', () => {
    for (const error of [new TypeError('x'), named('ProviderError', { code: 64 }), { code: 11000 }, 'x', null])
      expect(databaseErrorKind(error)).toBeNull();
    const cause = new MongoNetworkError('x');
    expect(databaseErrorKind(new Error('a tracker', { cause }))).toBeNull();
  });

  it('ends, whatever an error carries', () => {
    const error = refusal(2);
    error.cause = error;
    expect(databaseErrorKind(Object.assign(error, { result: [error, [error]] }))).toBe('rejected');
  });
});

describe('a failed activity', () => {
  it('is tried again in seconds while MongoDB is unavailable', () => {
    const failure = asFailure(new MongoBulkWriteError(new MongoNetworkError('canary'), noResult), 5_000);
    expect(failure).toMatchObject({ type: 'StoreUnavailable', nextRetryDelay: 5_000 });
  });

  it('backs off under another type when MongoDB refuses, and names class and code only', () => {
    const failure = asFailure(refusal(10334), 5_000);
    expect(failure).toMatchObject({ type: 'StoreRejected', nonRetryable: false });
    expect(failure.nextRetryDelay).toBeUndefined();
    expect(failure.message).toContain('MongoServerError 10334');
    expect(failure.message).not.toContain('canary');
  });
});
