import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import type { ContentOf, SettingsDoc, Versioned } from './document.js';

export interface SettingsStore<Content> {
  /** Version 0 and the empty content for an org that has set none. */
  find: (orgId: string) => Promise<Versioned<Content>>;
  /** Puts this content in the place of this version's. @returns null when there is another version by now */
  replace: (orgId: string, version: number, content: Content) => Promise<Versioned<Content> | null>;
}

/** Keeps one document an org, which counts its versions. @param empty what an org has that has set nothing */
export function createSettingsStore<Doc extends SettingsDoc>({
  model,
  empty,
}: {
  model: Model<Doc>;
  empty: ContentOf<Doc>;
}): SettingsStore<ContentOf<Doc>> {
  // What all of them have in common is all that is named here.
  const documents = model as unknown as Model<SettingsDoc>;
  return {
    async find(orgId) {
      const found = await documents.findById(orgId).lean().exec();
      return (found as Versioned<ContentOf<Doc>> | null) ?? { ...empty, version: 0 };
    },
    async replace(orgId, version, content) {
      const change = { ...content, version: version + 1, updated_at: new Date() };
      if (version === 0) return (await isInserted(documents, { _id: orgId, ...change })) ? change : null;
      const { matchedCount } = await documents.updateOne({ _id: orgId, version }, { $set: change }).exec();
      return matchedCount === 1 ? change : null;
    },
  };
}

async function isInserted(documents: Model<SettingsDoc>, doc: SettingsDoc): Promise<boolean> {
  try {
    await documents.create(doc);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
