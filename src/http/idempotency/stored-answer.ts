import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Cipher } from '../../lib/encryption.js';
import type { Answer } from '../answer.js';
import type { IdempotencyDoc } from './model.js';

/** Others belong to one request only: its id, its limits. */
const storedHeaders = ['Content-Type', 'Location'];

const storedAnswer = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
});

const placeOf = (record: IdempotencyDoc, org: string) => ({ org, record: record._id, field: 'answer' });

/** Answers may hold a secret that is shown once, so they are kept sealed. */
export function encryptAnswer(cipher: Cipher, record: IdempotencyDoc, org: string, answer: Answer): string {
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => storedHeaders.includes(name)));
  if (answer.body instanceof Readable) throw new Error('The answer to a POST is not a stream.');
  const stored = { status: answer.status, headers, body: answer.body?.toString() };
  return cipher.encrypt(JSON.stringify(stored), placeOf(record, org));
}

/** @throws SealError when the key that sealed it is gone */
export function decryptAnswer(cipher: Cipher, record: IdempotencyDoc, org: string): Answer {
  const { status, headers, body } = storedAnswer.parse(
    JSON.parse(cipher.decrypt(record.answer ?? '', placeOf(record, org))),
  );
  return { status, headers, body };
}
