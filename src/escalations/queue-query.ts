import type { Model } from 'mongoose';
import type { FindIn, Stretch } from '../db/newest-first.js';
import { trusted } from '../db/schema-options.js';
import { severities, type Severity } from '../lib/severity.js';
import { escalationStatuses, type EscalationDoc, type EscalationStatus } from './model.js';

/** Which of an org's escalations are asked for. */
export interface QueueFilter {
  orgId: string;
  status?: readonly EscalationStatus[] | undefined;
  severity?: readonly Severity[] | undefined;
}

/** As in MongoDB: the fields to read, or those not to. */
export type Fields = Readonly<Record<string, 0 | 1>>;

/** Those that have all the words, read in the order of the queue: one query for each status and severity. */
export function findInQueue<T extends { _id: string }>(
  escalations: Model<EscalationDoc>,
  { orgId, status, severity }: QueueFilter,
  terms: readonly string[],
  fields: Fields,
): FindIn<T> {
  return async (stretch, wanted) => {
    const choices = valuesOf(status, escalationStatuses).flatMap((one) =>
      valuesOf(severity, severities).map((other) => ({
        ...(one && { status: one }),
        ...(other && { severity: other }),
      })),
    );
    const found = await Promise.all(
      choices.map(async (choice) => {
        const filter = { org_id: orgId, ...choice, ...idsIn(stretch) };
        return read<T>(
          escalations,
          readBy(
            filter,
            terms.map((term) => ({ org_id: orgId, words: term })),
          ),
          fields,
          wanted,
        );
      }),
    );
    return found.flat().sort(newerFirst).slice(0, wanted);
  };
}

/** Those that have all the words, read by the first of them. */
export function findByWord<T>(
  escalations: Model<EscalationDoc>,
  { orgId, status, severity }: QueueFilter,
  [first, ...others]: readonly string[],
  fields: Fields,
): FindIn<T> {
  const rest = {
    org_id: orgId,
    ...(status && { status: trusted({ $in: status }) }),
    ...(severity && { severity: trusted({ $in: severity }) }),
  };
  return (stretch, wanted) => {
    const filter = { org_id: orgId, words: first, ...idsIn(stretch) };
    return read<T>(escalations, readBy(filter, [rest, ...others.map((word) => ({ words: word }))]), fields, wanted);
  };
}

export const newerFirst = (a: { _id: string }, b: { _id: string }) => (a._id < b._id ? 1 : -1);

const read = <T>(escalations: Model<EscalationDoc>, filter: object, fields: Fields, wanted: number) =>
  escalations.find(filter, fields).sort({ _id: -1 }).limit(wanted).lean<T[]>().exec();

/**
 * The stand-in reads by the first condition alone, when the others say something of a field of it: so which index serves
 * is decided here. MongoDB decides for itself.
 */
const readBy = (filter: object, others: object[]) => (others.length === 0 ? filter : { $and: [filter, ...others] });

/** The values to ask for one by one; all of them is the same as any. */
const valuesOf = <V>(asked: readonly V[] | undefined, all: readonly V[]): readonly (V | undefined)[] =>
  asked === undefined || asked.length === all.length ? [undefined] : asked;

function idsIn({ since, before }: Stretch) {
  const range = { ...(since !== null && { $gte: since }), ...(before !== null && { $lt: before }) };
  return Object.keys(range).length > 0 && { _id: trusted(range) };
}
