import { eventually } from '../../support/eventually.js';
import { FakePagerDuty, routingKey } from '../../support/fake-pagerduty.js';
import { FakeReceiver } from '../../support/fake-receiver.js';
import { FakeSlack } from '../../support/fake-slack.js';
import { FakeTeams } from '../../support/fake-teams.js';
import { dataOf, type Api, type ApiAnswer } from '../../support/http.js';

/** An escalation as the API shows it: what it holds is what the tests check. */
export type Shown = ApiAnswer['body'];

const receiverSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** Everybody who can be told, over real HTTP. */
export async function openPeople() {
  const slack = new FakeSlack();
  const teams = new FakeTeams();
  const pager = new FakePagerDuty();
  const receiver = new FakeReceiver(Buffer.alloc(32, 9), receiverSecret);
  const all = [slack, teams, pager, receiver];
  await Promise.all(all.map((service) => service.up()));
  /** How many requests each has taken: Slack, Teams, PagerDuty, the webhook's receiver. */
  const counts = () => all.map(({ requests }) => requests.filter(({ outcome }) => outcome === 'served').length);
  return {
    slack,
    teams,
    pager,
    receiver,
    env: { EGRESS_ALLOW: '127.0.0.0/8', PAGERDUTY_EVENTS_URL: pager.endpoint },
    /** One channel of each type, for all that is given. */
    channels: (on: string[]) => [
      { type: 'slack', name: 'Ops', url: slack.url, on },
      { type: 'teams', name: 'Chat', url: teams.url, on },
      { type: 'pagerduty', name: 'Pager', routing_key: routingKey, on },
      { type: 'webhook', name: 'Hook', url: receiver.url, secret: receiverSecret, on },
    ],
    counts,
    /** Until each has taken as many. @throws Error when the time is up */
    untilNotified: (wanted: readonly number[]) =>
      eventually(
        () => Promise.resolve(counts()),
        (now) => now.every((count, index) => count >= (wanted[index] ?? 0)),
        25_000,
      ),
    /** What was wrong with them, by the documents. */
    faults: () => all.flatMap((service) => service.faults),
    close: () => Promise.all(all.map((service) => service.close())),
  };
}

export type People = Awaited<ReturnType<typeof openPeople>>;

/** The escalation, when it is as wanted. */
export const escalationWhen = (admin: Api, path: string, isWanted: (escalation: Shown) => boolean): Promise<Shown> =>
  eventually(async () => (await admin.get(path)).body, isWanted, 30_000);

/** The org's escalations, newest first. */
export async function escalationsOf(admin: Api, orgPath: string): Promise<Shown[]> {
  return dataOf(await admin.get(`${orgPath}/escalations?limit=200`));
}
