import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { productModels } from '../../src/ops/doctor/models.js';

const source = path.join(import.meta.dirname, '../../src');

test('the doctor knows every collection that the product has', () => {
  const connection = mongoose.createConnection();
  productModels(connection, 30);
  const known = Object.values(connection.models).map(({ collection }) => collection.collectionName);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  const named = files.flatMap((file) =>
    [...readFileSync(path.join(source, file), 'utf8').matchAll(/\bcollection: '(\w+)'/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(known.sort()).toEqual([...new Set(named)].sort());
});
