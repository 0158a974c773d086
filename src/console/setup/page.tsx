import type { SetupCheck } from '../../integrations/setup/readiness.js';
import { definePage, pageOf, type PageSpec } from '../page.js';
import type { Permission } from '../../http/caller.js';
import { CheckBadge } from '../parts/badge.js';

/** Names of checks; a check without one shows its id. */
const checkNames: Record<string, string> = {
  ticket_sync: 'Ticket Sync',
  ticket_replies: 'Replies from the tracker',
  connections: 'Connections',
  worker: 'Worker',
};

/** The page where a failed check is fixed. */
const fixes: Record<string, { href: string; label: string }> = {
  ticket_sync: { href: '/settings/connections', label: 'Connect a tracker and make it the default' },
  ticket_replies: { href: '/settings/connections', label: 'Use a connection, which has its own webhook secret' },
  connections: { href: '/settings/connections', label: 'Open the failing connection and store new credentials' },
};

/** Further steps, once the checks pass. */
const furtherSteps: { href: string; label: string; purpose: string; needs: Permission }[] = [
  {
    href: '/settings/api-keys',
    label: 'API keys',
    purpose: 'one with ingest for each gateway, one with review for each person',
    needs: 'configure',
  },
  {
    href: '/settings/routing',
    label: 'Routing',
    purpose: 'which escalations open a ticket, and when each must be claimed and resolved',
    needs: 'read',
  },
  {
    href: '/approvals/configure',
    label: 'Approvals',
    purpose: 'where reviewers are notified of escalations',
    needs: 'read',
  },
  { href: '/settings/webhooks', label: 'Webhooks', purpose: 'which other systems receive events', needs: 'read' },
];

/** The readiness checklist, which the API has as well. */
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
                  : `${missing} of ${checks.length} are missing for ${org}.`}
              </p>
            </div>
          </div>
          <ul class="checks">
            {checks.map((item) => (
              <li key={item.id} class="card">
                <h2>
                  {checkNames[item.id] ?? item.id} <CheckBadge status={item.status} />
                </h2>
                <p class="text">{item.detail}</p>
                <Fix check={item} mayConfigure={can('configure')} />
                {item.missing.length > 0 && (
                  <p>
                    Set in the environment of API and worker:{' '}
                    {item.missing.map((key) => (
                      <code key={key}>{key} </code>
                    ))}
                  </p>
                )}
              </li>
            ))}
          </ul>
          <h2>Next steps</h2>
          <ul class="orgs">
            {furtherSteps
              .filter(({ needs }) => can(needs))
              .map(({ href, label, purpose }) => (
                <li key={href}>
                  <a href={href}>{label}</a>: {purpose}
                </li>
              ))}
          </ul>
          <p>
            The API reference is at <a href="/docs">/docs</a>.
          </p>
        </>,
      );
    },
  });
}

const Fix = ({ check: { id, status }, mayConfigure }: { check: SetupCheck; mayConfigure: boolean }) => {
  const fix = fixes[id];
  if (!fix || status === 'ready') return null;
  return (
    <p>
      <a href={fix.href}>{fix.label}</a>
      {!mayConfigure && <span class="dim">, which needs a key with the permission configure</span>}.
    </p>
  );
};
