import { z } from 'zod';
import { unprocessable } from '../../http/problem.js';
import { validate } from '../../http/validation.js';
import type { Cipher } from '../../lib/encryption.js';
import { severityMaps } from './maps.js';
import type { ConnectionDoc, SecretName } from './model.js';
import { missingOf } from './required.js';
import type { updateConnectionBody } from './schema.js';
import { isStored, encryptSecrets, secretsSchemas, sentSecrets, type SecretInput } from './secrets.js';
import { settingsSchemas, type ConnectionSettings } from './settings.js';
import type { ConnectionChange } from './store.js';
import { stringifyJson } from '../../lib/json/index.js';

export type ConnectionUpdate = z.output<typeof updateConnectionBody>;

export interface DecidedChange {
  change: ConnectionChange;
  /** The names of the fields that differ, for the audit record. */
  changed: string[];
  /** Whether another address is behind it now. */
  moves: boolean;
}

/** Fields that decide who gets the secrets. */
const recipients = ['base_url', 'url', 'username'];

/**
 * What a PATCH makes of a connection. What is sent as it is already changes nothing.
 * @throws Problem 422 for what this provider does not take, and when secrets would follow to another address or user
 */
export function changeOf(current: ConnectionDoc, input: ConnectionUpdate, cipher: Cipher): DecidedChange {
  const settings = mergedSettings(current, input);
  const secrets = secretInput(current, input);
  const has = (name: SecretName) => secrets[name] !== undefined || current.secrets[name] !== null;
  const missing = missingOf(current.provider, settings, has);
  if (missing.length > 0) throw unprocessable(missing);
  const changedSettings = differing({ ...current.settings }, { ...settings });
  const moved = changedSettings.filter((name) => recipients.includes(name));
  demandSecrets(current, secrets, moved);

  const changedSecrets = Object.entries(secrets).flatMap(([name, text]) =>
    isStored(cipher, current, name as SecretName, text) ? [] : [name as SecretName],
  );
  const encrypted = encryptSecrets(
    cipher,
    current,
    Object.fromEntries(changedSecrets.map((name) => [name, secrets[name]])),
  );
  const plain = plainChanges(current, input);
  return {
    change: {
      ...plain,
      ...(changedSettings.length > 0 && { settings }),
      ...(changedSecrets.length > 0 && { secrets: { ...current.secrets, ...encrypted } }),
    },
    changed: [
      ...Object.keys(plain),
      ...changedSettings.map((name) => `settings.${name}`),
      ...changedSecrets.map((name) => `secrets.${name}`),
    ],
    moves: moved.some((name) => name !== 'username'),
  };
}

/** Left out: as it is; null: taken away. */
function mergedSettings({ provider, settings }: ConnectionDoc, input: ConnectionUpdate): ConnectionSettings {
  if (input.settings === undefined) return settings;
  const merged = Object.entries<unknown>({ ...settings, ...input.settings }).filter(([, value]) => value !== null);
  const schema = z.object({ settings: settingsSchemas[provider] as z.ZodType<ConnectionSettings> });
  return validate(schema, { settings: Object.fromEntries(merged) }).settings;
}

function secretInput({ provider }: ConnectionDoc, { secrets = {} }: ConnectionUpdate): SecretInput {
  return validate(z.object({ secrets: secretsSchemas[provider] as z.ZodType<SecretInput> }), { secrets }).secrets;
}

/** Otherwise whoever may configure could have the secrets sent to a server of their own. */
function demandSecrets({ provider, secrets }: ConnectionDoc, given: SecretInput, moved: readonly string[]): void {
  if (moved.length === 0) return;
  const unsent = sentSecrets(provider).filter((name) => secrets[name] !== null && given[name] === undefined);
  if (unsent.length === 0) return;
  const message = `must be sent again when ${moved.join(' and ')} changes`;
  throw unprocessable(unsent.map((name) => ({ path: `secrets.${name}`, message })));
}

function plainChanges(current: ConnectionDoc, input: ConnectionUpdate): ConnectionChange {
  const severity_map =
    input.severity_map &&
    validate(
      z.object({ severity_map: severityMaps[current.provider] as z.ZodType<ConnectionDoc['severity_map']> }),
      input,
    ).severity_map;
  if (input.field_map && current.provider === 'webhook' && Object.keys(input.field_map).length > 0) {
    throw unprocessable([{ path: 'field_map', message: 'is not for a webhook' }]);
  }
  const status_map = input.status_map && stringifyJson(input.status_map);
  const field_map = input.field_map && stringifyJson(input.field_map);
  return {
    ...(input.name !== undefined && input.name !== current.name && { name: input.name }),
    ...(severity_map && !isSame(severity_map, current.severity_map) && { severity_map }),
    ...(status_map !== undefined && status_map !== current.status_map && { status_map }),
    ...(field_map !== undefined && field_map !== current.field_map && { field_map }),
  };
}

function differing(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isSame(before[name], after[name]),
  );
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
