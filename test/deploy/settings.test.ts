import { describe, expect, it } from 'vitest';
import { environmentKeys } from '../../src/config/environment.js';
import { ConfigError, loadConfig } from '../../src/config/index.js';
import { interpolate, isSecret, manifest, readKeys, readText, readYaml, variablesOf } from './files.js';

const compose = readText('docker-compose.yml');
const example = readKeys(readText('.env.example'), { commented: true });
const configMap = readKeys(readText('deploy/kubernetes/config.env'));
const configMapAll = readKeys(readText('deploy/kubernetes/config.env'), { commented: true });
const secret = manifest('secret.example.yaml', 'Secret').stringData as Record<string, string>;

/** Read by the start of the embedded stack, or set by it; no deployment has a use for them. */
const embeddedOnly = ['DRAWBRIDGE_HOME', 'DRAWBRIDGE_PRIVATE_PORTS', 'NODE_ENV'];
const known = new Set(environmentKeys);
const required = requiredKeys();

function requiredKeys(): string[] {
  try {
    loadConfig({});
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.split(' ', 1)[0] ?? '');
  }
  throw new Error('An empty environment was taken.');
}

/** Fit for each key that has rules. */
const filled: Record<string, string> = {
  MONGODB_URI: 'mongodb://drawbridge:x@db.example/drawbridge',
  ADMIN_API_KEY: 'x'.repeat(48),
  ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
};

describe('.env.example', () => {
  it('has every key that is read, and no other but the embedded start’s and Compose’s', () => {
    const ofCompose = variablesOf(compose).map(({ name }) => name);
    for (const key of known) if (!embeddedOnly.includes(key)) expect(example, key).toHaveProperty(key);
    for (const key of Object.keys(example)) {
      expect(known.has(key) || embeddedOnly.includes(key) || ofCompose.includes(key), key).toBe(true);
    }
    for (const key of ofCompose) expect(example, key).toHaveProperty(key);
  });

  it('sets nothing by itself, and gives no secret a value', () => {
    expect(readKeys(readText('.env.example'))).toEqual({});
    const secrets = Object.entries(example).filter(([key]) => isSecret(key) && key !== 'MONGODB_URI');
    expect(secrets.length).toBeGreaterThan(10);
    for (const [key, value] of secrets) expect(value.replace(/#.*/, '').trim(), key).toBe('');
  });
});

describe('docker-compose.yml', () => {
  const environment = readYaml('docker-compose.yml')['x-program'].environment as Record<string, string>;
  /** The image's, another Temporal's, and for those who share one. */
  const left = ['HOST', 'PORT', 'HEALTH_FILE', 'TEMPORAL_API_KEY', 'TEMPORAL_QUEUE_SUFFIX'];
  const isLeft = (key: string) => left.includes(key) || embeddedOnly.includes(key) || key.startsWith('TEMPORAL_TLS_');

  it('hands every key that is read to API and worker, and no other', () => {
    expect(Object.keys(environment).sort()).toEqual([...known].filter((key) => !isLeft(key)).sort());
  });

  it('gives no secret a default: those that are needed are asked for, the others are empty', () => {
    const secrets = variablesOf(compose).filter(({ name }) => isSecret(name));
    for (const { name, rest } of secrets) expect(`${name}${rest}`).toMatch(/^[A-Z_]+(:-$|:\?set it)/);
    const asked = new Set(secrets.filter(({ rest }) => rest.startsWith(':?')).map(({ name }) => name));
    expect([...asked].sort()).toEqual([
      'ADMIN_API_KEY',
      'ENCRYPTION_KEY',
      'MONGODB_PASSWORD',
      'MONGODB_REPLICA_KEY',
      'MONGODB_ROOT_PASSWORD',
      'POSTGRES_PASSWORD',
    ]);
  });

  it('makes a configuration that is taken with nothing but the secrets set', () => {
    const given = { ...filled, MONGODB_PASSWORD: 'p' };
    const made = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, interpolate(value, given)]),
    );
    const config = loadConfig({ ...made, NODE_ENV: 'production' });
    expect(config.mongodbUri).toBe(
      'mongodb://drawbridge:p@mongodb:27017/drawbridge?replicaSet=rs0&authSource=drawbridge',
    );
    expect(config.egress.allow).toEqual([]);
    expect(config.temporal).toMatchObject({ address: 'temporal:7233', tls: undefined });
    for (const key of required) {
      const without = Object.fromEntries(Object.entries(made).filter(([name]) => name !== key));
      expect(() => loadConfig(without), key).toThrow(key);
    }
  });
});

describe('deploy/kubernetes', () => {
  it('sets keys that are read, each in one place, and the required ones', () => {
    const all = [...Object.keys(configMapAll), ...Object.keys(secret)];
    expect(all.filter((key) => !known.has(key))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
    const set = [...Object.keys(configMap), ...Object.keys(secret)];
    expect(required.filter((key) => !set.includes(key))).toEqual([]);
  });

  it('has what is secret in the Secret, all of it, and without values', () => {
    expect(Object.keys(configMapAll).filter((key) => isSecret(key) && !key.endsWith('_FILE'))).toEqual([]);
    const secrets = environmentKeys.filter((key) => isSecret(key) && !key.startsWith('TEMPORAL_TLS_'));
    expect(Object.keys(secret).sort()).toEqual(secrets.filter((key) => key !== 'ENCRYPTION_KEYS_OLD').sort());
    expect(new Set(Object.values(secret))).toEqual(new Set(['']));
    expect(readYaml('deploy/kubernetes/kustomization.yaml').resources).not.toContain('secret.example.yaml');
  });

  it('makes a configuration that is taken', () => {
    const config = loadConfig({ ...configMap, ...secret, ...filled });
    expect(config.http.publicUrl).toMatch(/^https:/);
    expect(config.temporal.tls).toBeUndefined();
  });
});
