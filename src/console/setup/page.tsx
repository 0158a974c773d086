import type { SetupCheck } from '../../integrations/setup/readiness.js';
import { definePage, pageOf, type PageSpec } from '../page.js';
import type { Permission } from '../../http/caller.js';
import { CheckBadge } from '../parts/checks.js';

/** What each check is called; another one shows its id. */
const names: Record<string, string> = {
  ticket_sync: 'Ticket Sync',
  ticket_replies: 'Replies of the tracker',
  connections: 'Connections',
  worker: 'Worker',
};

/** Where it is put right, for those who may. */
const mends: Record<string, { href: string; words: string }> = {
  ticket_sync: { href: '/settings/connections', words: 'Connect a tracker and make it the default' },
  ticket_replies: { href: '/settings/connections', words: 'A connection has a webhook secret of its own' },
  connections: { href: '/settings/connections', words: 'See which, and store new credentials' },
};

/** What else an org wants once the list is green, each on its page. */
const further: { href: string; label: string; what: string; needs: Permission }[] = [
  {
    href: '/settings/api-keys',
    label: 'API keys',
    what: 'one to ingest for each gateway, one to review for each person',
    needs: 'configure',
  },
  {
    href: '/settings/routing',
    label: 'Routing',
    what: 'which escalations open a ticket, and how soon each is to be decided',
    needs: 'read',
  },
  { href: '/approvals/configure', label: 'Approvals', what: 'where reviewers hear of escalations', needs: 'read' },
  { href: '/settings/webhooks', label: 'Webhooks', what: 'who else is told of events', needs: 'read' },
];

/** The readiness checklist. @param check what the API answers */
export function setupPage({ check }: { check: (orgId: string) => Promise<SetupCheck[]> }): PageSpec {
  return definePage({
    method: 'get',
    path: '/setup',
    access: 'read',
    handler: async ({ org, can }) => {
      const checks = await check(org);
      const missing = checks.filter(({ status }) => status === 'missing').length;
      return pageOf(
        'Setup',
        <>
          <div class="head">
            <div>
              <h1>Setup</h1>
              <p class="dim">
                {missing === 0
                  ? `Nothing is missing for ${org}.`
                  : `${missing} of ${checks.length} still missing for ${org}.`}
              </p>
            </div>
          </div>
          <ul class="checks">
            {checks.map((each) => (
              <li key={each.id} class="card">
                <h2>
                  {names[each.id] ?? each.id} <CheckBadge status={each.status} />
                </h2>
                <p class="text">{each.detail}</p>
                <Mend check={each} mayConfigure={can('configure')} />
                {each.missing.length > 0 && (
                  <p>
                    To set in the environment of API and worker:{' '}
                    {each.missing.map((key) => (
                      <code key={key}>{key} </code>
                    ))}
                  </p>
                )}
              </li>
            ))}
          </ul>
          <h2>Then</h2>
          <ul class="orgs">
            {further
              .filter(({ needs }) => can(needs))
              .map(({ href, label, what }) => (
                <li key={href}>
                  <a href={href}>{label}</a>: {what}
                </li>
              ))}
          </ul>
          <p>
            The API is described at <a href="/docs">/docs</a>.
          </p>
        </>,
      );
    },
  });
}

const Mend = ({ check: { id, status }, mayConfigure }: { check: SetupCheck; mayConfigure: boolean }) => {
  const mend = mends[id];
  if (!mend || status === 'ready') return null;
  return (
    <p>
      <a href={mend.href}>{mend.words}</a>
      {!mayConfigure && <span class="dim">, which takes a key with the permission configure</span>}.
    </p>
  );
};
