import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { programArgs, programEnvironment } from '../../dev/stack/program.js';
import { manifest, readText, readYaml, root } from './files.js';

const dockerfile = readText('Dockerfile').replaceAll('\\\n', ' ');
const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const instructions = (name: string) =>
  lines.filter((line) => line.trimStart().startsWith(`${name} `)).map((line) => line.trim().slice(name.length + 1));
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
const list = (text: string | undefined) => JSON.parse(text ?? '') as string[];
const { engines, scripts, version } = JSON.parse(readText('package.json')) as {
  engines: { node: string };
  scripts: Record<string, string>;
  version: string;
};

describe('Dockerfile', () => {
  it('starts from one version of Node, pinned by digest, that package.json allows and CI tests', () => {
    const images = instructions('FROM').map((line) => line.split(' ')[0] ?? '');
    const [base, ...others] = [...new Set(images.filter((image) => image.includes(':')))];
    expect(others).toEqual([]);
    const [, major, minor] = /^node:(\d+)\.(\d+)\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/.exec(base ?? '') ?? [];
    const [, minMajor, minMinor] = /^>=(\d+)\.(\d+)/.exec(engines.node) ?? [];
    const weight = (one?: string, other?: string) => Number(one) * 1_000 + Number(other);
    expect(weight(major, minor)).toBeGreaterThanOrEqual(weight(minMajor, minMinor));
    expect(readYaml('.github/workflows/ci.yml').jobs.tests.strategy.matrix.node).toContain(Number(major));
  });

  it('copies files that there are, and that .dockerignore lets in', () => {
    const [first, ...letIn] = readText('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const allowed = letIn.map((line) => line.replace(/^!/, ''));
    const sources = instructions('COPY')
      .filter((line) => !line.startsWith('--from='))
      .flatMap((line) => line.split(/\s+/).slice(0, -1));
    expect(sources.length).toBeGreaterThan(8);
    for (const source of sources) {
      expect(existsSync(path.join(root, source)), source).toBe(true);
      expect(allowed, source).toContain(source);
    }
    expect(allowed.filter((source) => !sources.includes(source))).toEqual([]);
  });

  it('starts what package.json’s scripts start, with their flags', () => {
    const entrypoint = list(instructions('ENTRYPOINT')[0]);
    const [variable] = Object.entries(programEnvironment).map(([key, value]) => `${key}=${value}`);
    expect(entrypoint).toEqual(['node', ...programArgs]);
    expect(lastStage).toContain(variable);
    const starts = {
      api: list(instructions('CMD')[0]),
      worker: readYaml('docker-compose.yml').services.worker.command,
    };
    for (const [name, command] of Object.entries(starts)) {
      expect(scripts[`start:${name}`]).toBe(`exec env ${variable} ${[...entrypoint, ...command].join(' ')}`);
    }
    for (const name of ['api', 'worker'] as const) {
      const [container] = manifest(`${name}.yaml`, 'Deployment').spec.template.spec.containers;
      expect(container.args).toEqual(starts[name]);
      expect(container.command).toBeUndefined();
    }
  });

  it('runs as a user that is not root, without npm, and with nothing that was needed to build', () => {
    expect(instructions('USER')).toEqual([expect.stringMatching(/^[1-9]\d+:[1-9]\d+$/)]);
    expect(lastStage).toContain('rm -rf');
    expect(lastStage).toContain('/usr/local/lib/node_modules');
    expect(lastStage).toContain('--from=production-dependencies /app/node_modules');
    expect(lastStage).not.toMatch(/^RUN .*npm (ci|install|run)/m);
  });

  it('has the version of package.json in the Kubernetes manifests', () => {
    const [image] = readYaml('deploy/kubernetes/kustomization.yaml').images;
    expect(image.newTag).toBe(version);
  });
});

describe('the health check', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-health-'));
  const file = path.join(folder, 'alive');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const [, inImage = ''] = /HEALTHCHECK .*?CMD (\[.*\])/.exec(dockerfile) ?? [];
  const { startupProbe, livenessProbe } = manifest('worker.yaml', 'Deployment').spec.template.spec.containers[0];
  const commands = [list(inImage), startupProbe.exec.command, livenessProbe.exec.command] as string[][];

  function isHealthy([command = '', ...args]: string[]): boolean {
    try {
      execFileSync(command, args, { env: { PATH: process.env.PATH, HEALTH_FILE: file }, stdio: 'pipe' });
      return true;
    } catch {
      return false;
    }
  }

  it('is content with a fresh file, not with an old one or none', () => {
    expect(new Set(commands.map((command) => command.join(' '))).size).toBe(1);
    expect(commands.map(isHealthy)).toEqual([false, false, false]);
    writeFileSync(file, '');
    expect(commands.map(isHealthy)).toEqual([true, true, true]);
    const minutesAgo = new Date(Date.now() - 2 * 60_000);
    utimesSync(file, minutesAgo, minutesAgo);
    expect(commands.map(isHealthy)).toEqual([false, false, false]);
  });

  it('asks for the file that the image has its processes write', () => {
    const [, healthFile = ''] = /HEALTH_FILE=(\S+)/.exec(lastStage) ?? [];
    expect(path.dirname(healthFile)).toBe('/tmp');
  });
});
