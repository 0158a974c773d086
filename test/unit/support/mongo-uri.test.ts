import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { databaseUri, withOptions } from '../../support/mongo-uri.js';

/** As the driver reads a URI. Nothing is connected. */
function read(uri: string) {
  const { hosts, dbName, replicaSet, credentials, tls } = new mongoose.mongo.MongoClient(uri).options;
  return { hosts: hosts.map(String), dbName, replicaSet, source: credentials?.source, tls };
}

describe('the URI of another database', () => {
  it.each([
    ['mongodb://127.0.0.1:27017', 'mongodb://127.0.0.1:27017/other'],
    ['mongodb://127.0.0.1:27017/drawbridge?replicaSet=rs0', 'mongodb://127.0.0.1:27017/other?replicaSet=rs0'],
    ['mongodb://a:1,b:2,c:3/?replicaSet=rs0', 'mongodb://a:1,b:2,c:3/other?replicaSet=rs0'],
    ['mongodb://[::1]:27017,b/?w=majority', 'mongodb://[::1]:27017,b/other?w=majority'],
    ['mongodb+srv://cluster.example/db?retryWrites=true', 'mongodb+srv://cluster.example/other?retryWrites=true'],
  ])('of %s has the same hosts and options', (uri, expected) => {
    expect(databaseUri(uri, 'other')).toBe(expected);
  });

  it.each([
    ['admin, where the path names no database', 'mongodb://me:p%40ss@a:1,b:2/?replicaSet=rs0&tls=true', 'admin'],
    [
      'the database that the path names',
      'mongodb://me:p%40ss@a:1,b:2/drawbridge?replicaSet=rs0&tls=true',
      'drawbridge',
    ],
    ['the one that is set', 'mongodb://me:p%40ss@a:1,b:2/x?authSource=users&replicaSet=rs0&tls=true', 'users'],
  ])('looks for the user in %s', (_, uri, source) => {
    const other = databaseUri(uri, 'other');
    expect(read(uri).source).toBe(source);
    expect(read(other)).toEqual({ ...read(uri), dbName: 'other' });
    expect(other).toContain('mongodb://me:p%40ss@a:1,b:2/other?');
  });

  it('names no database for a user who is in none', () => {
    const uri = 'mongodb://CN%3Dme@a:1/?authMechanism=MONGODB-X509&tls=true';
    expect(databaseUri(uri, 'other')).toBe('mongodb://CN%3Dme@a:1/other?authMechanism=MONGODB-X509&tls=true');
  });
});

describe('a URI with options', () => {
  it.each([
    ['mongodb://a:1,b:2', 'mongodb://a:1,b:2/?w=1'],
    ['mongodb://a:1,b:2/db?replicaSet=rs0&w=majority', 'mongodb://a:1,b:2/db?replicaSet=rs0&w=1'],
  ])('has them beside those of %s', (uri, expected) => {
    expect(withOptions(uri, { w: '1' })).toBe(expected);
  });
});
