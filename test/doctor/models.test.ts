import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { createModels } from '../../src/models.js';

const source = path.join(import.meta.dirname, '../../src');

test('every process has all collections of the product', () => {
  const connection = mongoose.createConnection();
  createModels(connection);
  const known = Object.values(connection.models).map(({ collection }) => collection.collectionName);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  const named = files.flatMap((file) =>
    [...readFileSync(path.join(source, file), 'utf8').matchAll(/\bcollection: '(\w+)'/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(known.sort()).toEqual([...new Set(named)].sort());
});
