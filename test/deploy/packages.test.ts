import { expect, it } from 'vitest';
import { readText } from './files.js';

interface LockedPackage {
  /** Where an override has put another package in this one's place. */
  name?: string;
  hasInstallScript?: boolean;
}

const { allowScripts } = JSON.parse(readText('package.json')) as { allowScripts: Record<string, boolean> };
const { packages } = JSON.parse(readText('package-lock.json')) as { packages: Record<string, LockedPackage> };
const locked = Object.entries(packages).map(([folder, one]) => ({
  ...one,
  name: one.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
}));

it('installs no package that reports installations', () => {
  expect(locked.length).toBeGreaterThan(200);
  expect(locked.map(({ name }) => name)).not.toContain('@scarf/scarf');
});

it('runs install scripts only of the packages that package.json allows', () => {
  const withScripts = locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  expect([...new Set(withScripts)].sort()).toEqual(allowed.sort());
});
