import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.js';

const egressOf = (env: NodeJS.ProcessEnv) =>
  loadConfig({
    MONGODB_URI: 'mongodb://db.example:27017/drawbridge',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    ADMIN_API_KEY: 'x'.repeat(24),
    ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    ...env,
  }).egress;
const portsOf = (env: NodeJS.ProcessEnv) => egressOf(env).blockedPorts;

describe('EGRESS_ALLOW', () => {
  it('allows nothing when it is unset or empty', () => {
    expect(egressOf({}).allow).toEqual([]);
    expect(egressOf({ EGRESS_ALLOW: '' }).allow).toEqual([]);
  });
  it('takes addresses and CIDRs', () => {
    expect(egressOf({ EGRESS_ALLOW: '127.0.0.0/8, ::1/128,10.0.0.1' }).allow).toEqual([
      '127.0.0.0/8',
      '::1/128',
      '10.0.0.1',
    ]);
  });
  it('names what it cannot read', () => {
    expect(() => egressOf({ EGRESS_ALLOW: '10.0.0.0/8,localhost,10.0.0.0/40' })).toThrow(
      /EGRESS_ALLOW.*localhost\n.*EGRESS_ALLOW.*10\.0\.0\.0\/40/,
    );
  });
});

describe('DNS_SERVERS', () => {
  it('is the system’s name servers when it is unset', () => {
    expect(egressOf({}).dnsServers).toEqual([]);
  });
  it('takes addresses, with or without a port', () => {
    const servers = ['10.0.0.2', '10.0.0.2:5353', 'fd00::2', '[fd00::2]:53'];
    expect(egressOf({ DNS_SERVERS: servers.join(', ') }).dnsServers).toEqual(servers);
  });
  it.each(['dns.example', '10.0.0.2:0', '10.0.0.2:70000', '[fd00::2', '10.0.0.2:53:53'])('refuses %s', (server) => {
    expect(() => egressOf({ DNS_SERVERS: server })).toThrow(
      `DNS_SERVERS.0 is not the address of a name server: ${server}`,
    );
  });
});

describe('the servers of our own on other machines', () => {
  it('are MongoDB’s and Temporal’s, and none on this machine or behind a web port', () => {
    const env = {
      MONGODB_URI: 'mongodb://me:x@db-0.example,db-1.example:27018,localhost/drawbridge',
      TEMPORAL_ADDRESS: 'dns:///temporal.internal:7233',
      TEMPORAL_UI_URL: 'https://temporal.example.com',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://[fd00::9]:4318',
    };
    expect(egressOf(env).ownServers).toEqual([
      { host: 'db-0.example', port: 27017 },
      { host: 'db-1.example', port: 27018 },
      { host: 'temporal.internal', port: 7233 },
      { host: 'fd00::9', port: 4318 },
    ]);
  });
});

describe('the ports of our own that are never called', () => {
  it('are the API’s, and none of servers elsewhere', () => {
    expect(portsOf({ TEMPORAL_UI_URL: 'https://cloud.example' })).toEqual([8080]);
    expect(portsOf({ PORT: '0', MONGODB_URI: 'mongodb+srv://cluster.example/db' })).toEqual([]);
  });
  it('are those of the servers on this machine', () => {
    expect(
      portsOf({
        PORT: '9000',
        MONGODB_URI: 'mongodb://me:p%40ss@db.example:1,localhost,[::1]:27019,127.0.0.1:27018/drawbridge?replicaSet=rs0',
        TEMPORAL_ADDRESS: 'localhost:7244',
        TEMPORAL_UI_URL: 'http://localhost:8244/ui',
      }),
    ).toEqual([7244, 8244, 9000, 27017, 27018, 27019]);
    expect(portsOf({ MONGODB_URI: 'mongodb://%2Ftmp%2Fmongodb-27017.sock/db', TEMPORAL_ADDRESS: '[::1]' })).toEqual([
      7233, 8080,
    ]);
  });
  it('are those that the embedded start says', () => {
    expect(portsOf({ DRAWBRIDGE_PRIVATE_PORTS: '27017,7233,8233,7233' })).toEqual([7233, 8080, 8233, 27017]);
    expect(() => portsOf({ DRAWBRIDGE_PRIVATE_PORTS: '70000' })).toThrow('DRAWBRIDGE_PRIVATE_PORTS');
  });
});
