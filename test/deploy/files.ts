import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const root = path.join(import.meta.dirname, '../..');

/* eslint-disable @typescript-eslint/no-explicit-any -- what these files hold is what the tests check */

/** A file of the project, by its path from the root. */
export const readText = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** A YAML document, its anchors and merges resolved. */
export const readYaml = (file: string): any => parse(readText(file), { merge: true });

/** All documents of one of the Kubernetes files, or the one of a kind. */
export const readManifests = (file: string): any[] =>
  parseAllDocuments(readText(`deploy/kubernetes/${file}`)).map((document) => document.toJS() as unknown);
export const manifest = (file: string, kind: string): any => {
  const found = readManifests(file).filter((one) => one.kind === kind);
  if (found.length !== 1) throw new Error(`${file} has ${found.length} of ${kind}.`);
  return found[0];
};

/** `KEY=value` lines. @param commented those that are commented out count too */
export function readKeys(text: string, { commented = false } = {}): Record<string, string> {
  const line = commented ? /^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$/ : /^([A-Z][A-Z0-9_]+)=(.*)$/;
  const found = text.split('\n').flatMap((each) => {
    const [, key, value] = line.exec(each) ?? [];
    return key === undefined ? [] : [[key, value ?? ''] as const];
  });
  return Object.fromEntries(found);
}

/** Of a setting whose value is somebody's to keep. */
export const isSecret = (key: string): boolean =>
  /PASSWORD|SECRET|TOKEN|_KEY$|_KEYS_|_PWD|MONGODB_URI/.test(key) && !key.includes('PROJECT_KEY');

/** Every `${NAME…}` of a Compose file, its comments aside: what stands between the name and the end, `:?set it`, `:-8080`. */
export const variablesOf = (text: string): { name: string; rest: string }[] =>
  [...text.replaceAll(/^#.*/gm, '').matchAll(/(?<!\$)\$\{([A-Z_]+)([^}]*)\}/g)].map(([, name = '', rest = '']) => ({
    name,
    rest,
  }));

/** A text of a Compose file with its variables put in. @throws Error when a required one is not given */
export const interpolate = (text: string, given: Record<string, string>): string =>
  text.replaceAll(/\$\{([A-Z_]+)([^}]*)\}/g, (_, name: string, rest: string) => {
    const value = given[name] ?? '';
    if (value !== '') return value;
    if (rest.startsWith(':?')) throw new Error(`${name} is required`);
    return rest.replace(/^:-/, '');
  });
