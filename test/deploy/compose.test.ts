import { describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { readYaml } from './files.js';

const compose = readYaml('docker-compose.yml');
const services = Object.entries(compose.services as Record<string, Record<string, any>>); // eslint-disable-line @typescript-eslint/no-explicit-any
const oneShot = ['temporal-schema', 'temporal-namespace'];
const seconds = (text: string) => Number(/^(\d+) ?s/.exec(text)?.[1]);

describe('docker-compose.yml', () => {
  it.each(services)('%s is pinned, bounded, and has no more rights than it needs', (name, service) => {
    if (service.build === undefined) expect(service.image).toMatch(/^[\w/-]+:\d+\.\d+(\.\d+)?$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toBeUndefined();
    expect(service.privileged).toBeUndefined();
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.deploy.resources.limits).toEqual({
      cpus: expect.stringMatching(/^\d+$/),
      memory: expect.stringMatching(/^\d+M$/),
      pids: expect.any(Number),
    });
    // The UI's image writes its settings when it begins.
    expect(service.read_only ?? false).toBe(name !== 'temporal-ui');
    expect(service.restart).toBe(oneShot.includes(name) ? 'on-failure' : 'unless-stopped');
  });

  it('publishes the API and the Temporal UI, on the loopback address only', () => {
    const published = services.flatMap(([name, { ports = [] }]) => (ports as string[]).map((port) => [name, port]));
    expect(published.map(([name]) => name)).toEqual(['api', 'temporal-ui']);
    for (const [, port] of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('has the databases and Temporal on networks without a way out, with those who need them', () => {
    const membersOf = (network: string) =>
      services.filter(([, service]) => service.networks.includes(network)).map(([name]) => name);
    expect(membersOf('mongodb')).toEqual(['api', 'worker', 'mongodb']);
    expect(membersOf('temporal-database')).toEqual(['postgresql', 'temporal-schema', 'temporal']);
    expect(membersOf('edge')).toEqual(['api', 'worker', 'temporal-ui']);
    const internal = Object.entries(compose.networks as Record<string, { internal?: boolean } | null>)
      .filter(([, network]) => network?.internal)
      .map(([name]) => name);
    expect(internal).toEqual(['mongodb', 'temporal', 'temporal-database']);
  });

  it('starts each service behind what it needs, and knows of each whether it is well', () => {
    const awaited = (name: string) =>
      Object.entries(compose.services[name].depends_on ?? {}).map(([other, { condition }]: any) => [other, condition]); // eslint-disable-line @typescript-eslint/no-explicit-any
    expect(awaited('worker')).toEqual([
      ['mongodb', 'service_healthy'],
      ['temporal-namespace', 'service_completed_successfully'],
    ]);
    expect(awaited('api')).toEqual([['mongodb', 'service_healthy']]);
    for (const [name] of services) {
      for (const [other, condition] of awaited(name)) {
        expect(condition).toBe(oneShot.includes(other) ? 'service_completed_successfully' : 'service_healthy');
        // The image has the worker's check.
        if (!oneShot.includes(other)) expect(compose.services[other].healthcheck?.test.length).toBeGreaterThan(1);
      }
    }
  });

  it('gives processes longer to end than they take', () => {
    const { shutdown, temporal } = defaultTimings;
    const api = seconds(compose.services.api.stop_grace_period);
    expect(api * 1000).toBeGreaterThan(shutdown.requestsMs + temporal.callTimeoutMs);
    const worker = seconds(compose.services.worker.stop_grace_period);
    expect(worker * 1000).toBeGreaterThan(shutdown.activitiesForceMs + temporal.callTimeoutMs);
  });
});
