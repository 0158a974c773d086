import type { Model } from 'mongoose';
import { z } from 'zod';
import { isDuplicateKey } from '../db/errors.js';
import { trusted } from '../db/schema-options.js';
import { conflict, notFound } from '../http/problem.js';
import type { Caller } from '../http/caller.js';
import { decodeCursor, page, type Page } from '../http/paging.js';
import type { IdPrefix } from '../lib/ids.js';
import type { Audit } from './audit/audit.js';
import type { OrgDoc } from './org-model.js';

type NewId = (prefix: IdPrefix) => string;

export interface OrgService {
  /** @throws Problem 409 `org_exists` */
  create: (input: { id: string; name: string }, maker: { caller: Caller; newId: NewId }) => Promise<OrgDoc>;
  /** Newest first. */
  list: (query: { limit: number; cursor?: string | undefined }) => Promise<Page<OrgDoc>>;
  /** @throws Problem 404 */
  get: (id: string) => Promise<OrgDoc>;
  /** @throws Problem 404 */
  update: (id: string, change: { name?: string | undefined }) => Promise<OrgDoc>;
}

const cursorShape = z.tuple([z.iso.datetime(), z.string()]);

export function createOrgService({ orgs, audit }: { orgs: Model<OrgDoc>; audit: Audit }): OrgService {
  const get = async (id: string) => found(await orgs.findById(id).lean().exec());
  return {
    get,
    async create({ id, name }, { caller, newId }) {
      const now = new Date();
      const org: OrgDoc = { _id: id, name, creation_id: newId('key'), created_at: now, updated_at: now };
      try {
        await orgs.create(org);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const taken = await get(id);
        if (taken.creation_id !== org.creation_id) throw conflict('org_exists', 'An org with this id exists.');
      }
      const subject = { type: 'org', id, name };
      await audit.record(id, caller, { action: 'org.created', subject, changed: ['id', 'name'] });
      return get(id);
    },
    async list({ limit, cursor }) {
      const docs = await orgs
        .find(cursor === undefined ? {} : after(decodeCursor(cursor, cursorShape)))
        .sort({ created_at: -1, _id: -1 })
        .limit(limit + 1)
        .lean()
        .exec();
      return page(docs, limit, (last) => [last.created_at.toISOString(), last._id]);
    },
    async update(id, { name }) {
      if (name === undefined) return get(id);
      const change = { $set: { name, updated_at: new Date() } };
      return found(await orgs.findOneAndUpdate({ _id: id }, change, { returnDocument: 'after' }).lean().exec());
    },
  };
}

function after([createdAt, id]: z.output<typeof cursorShape>) {
  const at = new Date(createdAt);
  return { $or: [{ created_at: trusted({ $lt: at }) }, { created_at: at, _id: trusted({ $lt: id }) }] };
}

function found(org: OrgDoc | null): OrgDoc {
  if (!org) throw notFound('org');
  return org;
}
