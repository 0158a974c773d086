import { expect, test } from 'vitest';
import { cargoReader, goReader } from '../../dev/binaries/build-output.js';
import { duration } from '../../dev/binaries/progress.js';
import { mongodProblem, temporalProblem } from '../../dev/binaries/version.js';

test("cargo's bar tells how many crates are compiled", () => {
  const read = cargoReader();
  expect(read('    Updating crates.io index')).toBe('downloading crates');
  expect(read('    Building [=====>                    ] 45/321: serde, tokio(build)')).toBe(
    '45 of 321 crates compiled',
  );
  expect(read('warning: unused variable')).toBeUndefined();
});

test('without a bar the crates are counted', () => {
  const read = cargoReader();
  read('   Compiling libc v0.2.1');
  expect(read('   Compiling serde v1.0.2')).toBe('compiling crate 2 (serde)');
});

test("go's modules and packages are counted", () => {
  const read = goReader();
  read('go: downloading github.com/a/b v1.2.3');
  expect(read('go: downloading go.temporal.io/api v1.2.3')).toBe('2 modules downloaded');
  expect(read('go.temporal.io/api/enums/v1')).toBe('1 packages compiled (go.temporal.io/api/enums/v1)');
  expect(read('# some/package: a compiler error')).toBeUndefined();
});

test('durations are told in minutes and seconds', () => {
  expect([duration(4_200), duration(65_000), duration(600_000)]).toEqual(['4 s', '1 min 05 s', '10 min 00 s']);
});

test('a temporal that is new enough is taken, one built from source by the version of its server', () => {
  expect(temporalProblem('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)')).toBeUndefined();
  expect(temporalProblem('temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)')).toBeUndefined();
  expect(temporalProblem('temporal version 2.0.0 (Server 2.0.0, UI 3.0.0)')).toBeUndefined();
});

test('a temporal that is too old, or something else, says why', () => {
  expect(temporalProblem('temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)')).toBe(
    'is 1.1, and 1.4 or later is needed',
  );
  expect(temporalProblem('temporal version 1.4.0 (Server 1.27.9, UI 2.30.0)')).toBe(
    'has server 1.27, and 1.28 or later is needed',
  );
  expect(temporalProblem('tctl 1.18')).toContain('for its version');
});

test('a mongod needs version 6 or later', () => {
  expect(mongodProblem('db version v6.0.5')).toBeUndefined();
  expect(mongodProblem('db version v10.0.0')).toBeUndefined();
  expect(mongodProblem('db version v5.0.31')).toBe('is 5.0, and 6.0 or later is needed');
  expect(mongodProblem('')).toContain('for its version');
});
