/** What every settings document has besides its content. One an org; an org without one has version 0. */
export interface SettingsDoc {
  /** The org's id. */
  _id: string;
  version: number;
  updated_at: Date;
}

export type ContentOf<Doc extends SettingsDoc> = Omit<Doc, keyof SettingsDoc>;

/** A document's content, and the version that its ETag names. */
export type Versioned<Content> = Content & { version: number };

/** For a schema's definition. */
export const settingsFields = {
  _id: { type: String, required: true },
  version: { type: Number, required: true },
  updated_at: { type: Date, required: true },
} as const;
