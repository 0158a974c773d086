const secretForms = /\b(dbk_|dbadm_|whsec_)[A-Za-z0-9+/=_-]{8,}/g;

/** Blots out what must not be read over somebody's shoulder or in a build's log: these texts, and all that has a secret's form. */
export function redact(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of secrets) if (secret !== '') redacted = redacted.replaceAll(secret, '[hidden]');
  return redacted.replace(secretForms, '$1[hidden]');
}
