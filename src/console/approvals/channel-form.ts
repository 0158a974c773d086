import type { ChannelDoc } from '../../notifications/approvals/model.js';
import { replaceApprovalsBody, type ChannelInput } from '../../notifications/approvals/schema.js';
import { secretFields, type SecretField } from '../../notifications/approvals/secrets.js';
import { validate } from '../../http/validation.js';
import { moments } from '../../notifications/notification.js';
import { channelTypes, type ChannelType } from '../../notifications/port.js';
import type { Form, FormErrors } from '../form.js';
import type { Difference } from '../parts/meanwhile.js';

/** What a form shows of a channel: none of its secrets. */
export interface ChannelFields {
  name: string;
  min_severity: string;
  on: string[];
  enabled: boolean;
}

export const newChannelFields: ChannelFields = {
  name: '',
  min_severity: 'high',
  on: ['created', 'overdue'],
  enabled: true,
};

export const fieldsOfChannel = ({ name, min_severity, moments: on, enabled }: ChannelDoc): ChannelFields => ({
  ...{ name, min_severity, enabled },
  on: moments.filter((moment) => on.includes(moment)),
});

export const typedChannel = (form: Form): ChannelFields => ({
  name: form.text('name'),
  min_severity: form.text('min_severity'),
  on: form.all('on'),
  enabled: form.has('enabled'),
});

/** What was typed of its secrets: empty ones stay as they are. A page never shows them again. */
export function typedSecrets(form: Form, type: ChannelType): Partial<Record<SecretField, string | null>> {
  const typed = secretFields[type].flatMap((field) => (form.text(field) === '' ? [] : [[field, form.text(field)]]));
  const given = Object.fromEntries(typed) as Partial<Record<SecretField, string>>;
  return form.has('forget_secret') && given.secret === undefined ? { ...given, secret: null } : given;
}

export const isChannelType = (text: string): text is ChannelType => (channelTypes as readonly string[]).includes(text);

/** A stored channel as a PUT names it: its secrets are left out, and kept. */
const kept = ({ id, type, name, min_severity, moments: on, enabled }: ChannelDoc) => ({
  ...{ id, type, name, min_severity, on, enabled },
});

/**
 * The channels with this one changed, or added behind the others.
 * @returns where it stands in the list too: the API's errors name it by that
 */
export function listWith(
  stored: readonly ChannelDoc[],
  channel: { type: ChannelType; id?: string },
): { list: unknown[]; index: number } {
  const found = stored.findIndex(({ id }) => id === channel.id);
  const index = found === -1 ? stored.length : found;
  return { list: [...stored.slice(0, index).map(kept), channel, ...stored.slice(index + 1).map(kept)], index };
}

export const without = (stored: readonly ChannelDoc[], id: string): unknown[] =>
  stored.filter((channel) => channel.id !== id).map(kept);

/** @throws Problem 422 */
export const channelInputs = (list: unknown[]): ChannelInput[] =>
  validate(replaceApprovalsBody, { channels: list }).channels;

/** What is wrong with an entry of `on` is wrong with the whole choice. */
export const withoutEntries = (errors: FormErrors): FormErrors => ({
  ...errors,
  fields: new Map([...errors.fields].map(([path, message]) => [path.replace(/^on\[\d+\]$/, 'on'), message])),
});

export function differencesOfChannel(stored: ChannelFields, typed: ChannelFields): Difference[] {
  const words = ({ name, min_severity, on, enabled }: ChannelFields): [string, string][] => [
    ['Name', name],
    ['From severity', min_severity],
    ['When', on.join(', ')],
    ['On', enabled ? 'yes' : 'no'],
  ];
  const now = new Map(words(stored));
  return words(typed)
    .map(([field, value]) => ({ field, stored: now.get(field) ?? '', typed: value }))
    .filter((difference) => difference.stored !== difference.typed);
}
