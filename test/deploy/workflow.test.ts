import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConnectionString } from 'mongodb-connection-string-url';
import { readText, readYaml, root } from './files.js';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  'timeout-minutes': number;
  permissions?: unknown;
  strategy: { matrix: Record<string, unknown[]> };
  steps: Step[];
}

const workflow = readYaml('.github/workflows/ci.yml');
const action = readYaml('.github/actions/prepare/action.yml');
const jobs = Object.entries(workflow.jobs as Record<string, Job>);
const steps = [...jobs.flatMap(([, job]) => job.steps), ...(action.runs.steps as Step[])];
const { scripts, engines } = JSON.parse(readText('package.json')) as {
  scripts: Record<string, string>;
  engines: { node: string };
};

describe('.github/workflows/ci.yml', () => {
  it('tests each supported Node with each supported MongoDB, and the oldest Node that package.json allows', () => {
    const { node, mongod, include } = workflow.jobs.tests.strategy.matrix;
    expect(node).toEqual([22, 24]);
    expect(mongod).toEqual(['7.0', '8.0']);
    expect(include).toHaveLength(1);
    expect(`>=${include[0].node}.0`).toBe(engines.node);
  });

  it('runs the fault campaigns every night', () => {
    expect(workflow.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string }]);
    expect(workflow.jobs.faults.if).toContain("github.event_name == 'schedule'");
  });

  it('may only read the repository, and ends jobs that hang', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const [, job] of jobs) {
      expect(job.permissions).toBeUndefined();
      expect(job['timeout-minutes']).toBeLessThanOrEqual(120);
    }
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts).toHaveLength(jobs.length);
    for (const checkout of checkouts) expect(checkout.with).toEqual({ 'persist-credentials': false });
  });

  it('uses actions of this repository, or of GitHub pinned by commit', () => {
    for (const uses of steps.flatMap((step) => step.uses ?? [])) {
      if (uses.startsWith('./')) expect(existsSync(path.join(root, uses, 'action.yml')), uses).toBe(true);
      else expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    }
  });

  it('runs scripts that package.json has', () => {
    const commands = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/\bnpm (?:run )?([a-z:]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(commands.filter((name) => name !== 'ci').sort()).toEqual(['faults', 'test']);
    for (const name of commands) if (name !== 'ci') expect(scripts).toHaveProperty(name);
  });

  it('names the three members that the Compose file starts', () => {
    const uri = new ConnectionString(workflow.env.MONGODB_URI as string);
    const members = Object.values(
      readYaml('.github/mongodb.compose.yml').services as Record<string, { command: string[] }>,
    );
    const optionOf = (command: string[], name: string) => command[command.indexOf(name) + 1];
    expect(members.map(({ command }) => `127.0.0.1:${optionOf(command, '--port')}`)).toEqual(uri.hosts);
    expect(members.map(({ command }) => optionOf(command, '--replSet'))).toEqual(
      uri.hosts.map(() => uri.searchParams.get('replicaSet')),
    );
    expect(uri.hosts).toHaveLength(3);
  });
});
