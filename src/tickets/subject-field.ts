import { subjectTypes } from './subject.js';

/** A subject inside a document, as its mongoose schema has it. */
export const subjectField = {
  _id: false,
  type: { type: String, enum: subjectTypes, required: true },
  id: { type: String, required: true },
} as const;
