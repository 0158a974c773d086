import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import type { SubjectRef } from '../subject.js';
import { subjectField } from '../subject-field.js';

/** A comment in a subject's thread. The thread outlives links; it is ordered by `at`, then `seq`, then `sub`. */
export interface CommentDoc {
  _id: string;
  org_id: string;
  subject: SubjectRef;
  link_id: string | null;
  source: 'internal' | 'external';
  author: string;
  body: string;
  external_comment_id: string | null;
  /** Null: made without a link, and never pushed. */
  sync_state: 'synced' | 'pending' | 'error' | null;
  at: Date;
  /** Of its command; 0 without a link. */
  seq: number;
  /** 1 for an echo, which stands behind the comment that it answers. */
  sub: number;
  edited_at: Date | null;
  /** What a tracker's edit replaced, oldest first. */
  earlier: { body: string; at: Date }[];
  /** When the tracker's text that stands here was written, by its clock; unknown of what it has not told us. */
  external_at?: Date | null;
}

const schema = new Schema<CommentDoc>(
  {
    _id: { type: String, required: true },
    org_id: { type: String, required: true },
    subject: subjectField,
    link_id: { type: String, default: null },
    source: { type: String, enum: ['internal', 'external'], required: true },
    author: { type: String, required: true },
    body: { type: String, required: true },
    external_comment_id: { type: String, default: null },
    sync_state: { type: String, enum: ['synced', 'pending', 'error', null], default: null },
    at: { type: Date, required: true },
    seq: { type: Number, required: true },
    sub: { type: Number, required: true },
    edited_at: { type: Date, default: null },
    earlier: { type: [{ _id: false, body: String, at: Date }], default: [] },
    external_at: { type: Date, default: null },
  },
  { ...schemaOptions, collection: 'comments' },
);
schema.index({ org_id: 1, 'subject.type': 1, 'subject.id': 1, at: 1, seq: 1, sub: 1, _id: 1 }, { name: 'thread' });
schema.index({ link_id: 1, seq: 1, sub: 1 }, { name: 'of_a_command' });
schema.index(
  { link_id: 1, external_comment_id: 1 },
  {
    unique: true,
    partialFilterExpression: { external_comment_id: { $type: 'string' } },
    name: 'a_tracker_comment_once',
  },
);

export const commentModel = (connection: Connection): Model<CommentDoc> =>
  connection.model<CommentDoc>('Comment', schema);
