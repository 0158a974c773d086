import type { EventDoc } from '../events/model.js';
import type { EscalatedActor, EscalationDoc, Gateway } from './model.js';
import { ExactNumber, jsonTextOf, parseJsonWithSources } from '../lib/json/index.js';
import { newEscalation } from './new-escalation.js';

const maxNameLength = 200;
const maxEmailLength = 320;
const maxTitleLength = 500;
const maxReasonLength = 10_000;
const maxContextBytes = 64 * 1024;

type Fields = Record<string, unknown>;

/**
 * The escalation that an event raises. Its data was accepted whatever it holds, so what does not fit is cut or left out.
 * @throws Error for an event that raises none
 */
export function escalationOfEvent({ _id, org_id, data, raise, created_at }: EventDoc): EscalationDoc {
  if (raise === null) throw new Error(`The event ${_id} raises nothing.`);
  const { escalation_id, policy, severity, title, kind, terms } = raise;
  const { gateway, actor, reason, context } = parseJsonWithSources(data) as Fields;
  return newEscalation({
    id: escalation_id,
    orgId: org_id,
    raised: {
      kind,
      severity,
      title: cut(title ?? policy.name, maxTitleLength),
      reason: reasonOf(reason),
      gateway: gatewayOf(gateway),
      actor: actorOf(actor),
      context: contextOf(context),
      policy,
      event_id: _id,
      source_id: null,
      source: null,
      review_url: null,
    },
    terms,
    at: created_at,
  });
}

/** A text is its id; without an id, its name is. */
function gatewayOf(value: unknown): Gateway | null {
  const fields = isObject(value) ? value : { id: value };
  const [id, name] = [textOf(fields.id, maxNameLength), textOf(fields.name, maxNameLength)];
  const known = id ?? name;
  return known === null ? null : { id: known, name, environment: textOf(fields.environment, maxNameLength) };
}

function actorOf(value: unknown): EscalatedActor | null {
  const fields = isObject(value) ? value : { id: value };
  const actor = {
    id: textOf(fields.id, maxNameLength),
    name: textOf(fields.name, maxNameLength),
    email: textOf(fields.email, maxEmailLength),
    type: textOf(fields.type, maxNameLength),
  };
  return Object.values(actor).every((field) => field === null) ? null : actor;
}

function reasonOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  return cut(typeof value === 'string' ? value : jsonTextOf(value), maxReasonLength);
}

/** Half a document would be none, so what is too large is left out; the event has it. */
function contextOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const json = jsonTextOf(value);
  return Buffer.byteLength(json) > maxContextBytes ? null : json;
}

function textOf(value: unknown, maxLength: number): string | null {
  if (value instanceof ExactNumber) return cut(value.text, maxLength);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? cut(value, maxLength) : null;
}

/** @param longest in UTF-16 units; a character of two of them is not halved */
function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
