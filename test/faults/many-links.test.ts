import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { isCampaign } from '../support/faults/rounds.js';
import { startFakeJira, type FakeJira } from '../support/fake-jira.js';
import { type ApiProcess, openProcesses, type ProductProcesses } from '../support/product-processes.js';
import { timingsEnv } from '../support/timings.js';

/** Three show in a run of all tests what ten show in a campaign. */
const kills = isCampaign ? 10 : 3;
/** Tickets that are asked for between two kills. */
const perKill = 10;
const links = kills * perKill;
const everyMs = 2_000;
const searchLagMs = 3_000;
/** What was sent and is not found is made again by `createAgainAfterMs`, which is longer than the search lags. */
const settlesWithinMs = 120_000;

let product: ProductProcesses;
let jira: FakeJira;
let api: ApiProcess;
let paths: string[];

beforeAll(async () => {
  jira = await startFakeJira({ searchLagMs });
  const { baseUrl, email = '', apiToken } = jira.credentials;
  product = openProcesses({
    env: {
      TICKET_PROVIDER: 'jira',
      TICKET_WAIT_MS: '500',
      JIRA_BASE_URL: baseUrl,
      JIRA_EMAIL: email,
      JIRA_API_TOKEN: apiToken,
      JIRA_PROJECT_KEY: 'SEC',
      // A hundred links that wait for their workers anyway would be woken every few seconds.
      ...timingsEnv({ sweep: defaultTimings.sweep }),
    },
  });
  api = await product.startApi();
  const org = await makeOrg(api.admin);
  const requests = await Promise.all(Array.from({ length: links }, () => makeEvidenceRequest(api.admin, org.path)));
  paths = requests.map(({ path }) => path);
}, 120_000);
afterAll(async () => {
  await product.close();
  await jira.close();
});

/** Two workers, of which the older one is killed and another started in its place. */
async function openFleet() {
  const alive = await Promise.all([product.startWorker(), product.startWorker()]);
  const starting = new Set<Promise<unknown>>();
  const replace = () => {
    const one = product
      .startWorker()
      .then((worker) => alive.push(worker))
      .finally(() => starting.delete(one));
    starting.add(one);
  };
  return {
    killOldest: async (): Promise<void> => {
      await alive.shift()?.kill();
      replace();
    },
    settled: () => Promise.all(starting),
  };
}

/** On a busy machine a worker needs longer before it does anything at all: it dies in the midst of creating. */
const untilCreating = (since: number) =>
  eventually(
    () => Promise.resolve(jira.count('create')),
    (count) => count >= since + 2,
    45_000,
  );

const open = async (path: string) => (await api.admin.post(`${path}/ticket`)).status;
const linkOf = async (path: string) =>
  (await api.admin.get(`${path}/ticket`)).body as { id: string; external_id: string | null; sync_state: string };

describe(`${links} links, with the worker killed every two seconds`, () => {
  it('are as many tickets, each linked, although answers are lost and the search lags', async () => {
    const fleet = await openFleet();
    const asked: Promise<number>[] = [];
    for (let first = 0; first < links; first += perKill) {
      // Some are made over there, and their answers never come; others come late, and a kill is quicker.
      jira.misbehave({ kind: 'reset', store: true }, { on: 'create', times: 2 });
      jira.misbehave({ kind: 'delay', ms: 2 * everyMs }, { on: 'create', times: perKill - 2 });
      const since = jira.count('create');
      asked.push(...paths.slice(first, first + perKill).map(open));
      await Promise.all([delay(everyMs), untilCreating(since)]);
      await fleet.killOldest();
    }
    const unlinked = (await Promise.all(paths.map(linkOf))).filter(({ sync_state }) => sync_state !== 'synced').length;
    for (const status of await Promise.all(asked)) expect([201, 202]).toContain(status);
    jira.behave();
    await fleet.settled();
    const begun = Date.now();
    const all = await eventually(
      () => Promise.all(paths.map(linkOf)),
      (found) => found.every(({ sync_state }) => sync_state === 'synced'),
      settlesWithinMs,
    );
    process.stdout.write(
      `Killed ${kills} workers: ${unlinked} not linked by then, all of them ${Date.now() - begun} ms later, by ${jira.count('create')} creates and ${jira.count('search')} searches\n`,
    );
    expect(jira.issues).toHaveLength(links);
    const keyOf = new Map(
      jira.issues.map(({ key, labels }) => [labels.find((one) => one.startsWith('drawbridge-')), key]),
    );
    for (const { id, external_id: externalId } of all) expect(keyOf.get(`drawbridge-${id}`)).toBe(externalId);
    // Something was under way when the last of them died, and answers were lost.
    expect(unlinked).toBeGreaterThan(0);
    expect(jira.count('search')).toBeGreaterThan(0);
    expect(jira.faults).toEqual([]);
  }, 300_000);
});
