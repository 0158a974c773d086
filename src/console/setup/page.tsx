import type { SetupCheck } from '../../setup/readiness.js';
import { definePage, pageOf, type PageSpec } from '../page.js';
import { Badge, type Tone } from '../parts/badge.js';

/** What each check is called; another one shows its id. */
const names: Record<string, string> = {
  ticket_sync: 'Ticket Sync',
  ticket_replies: 'Replies of the tracker',
  connections: 'Connections',
  worker: 'Worker',
};

const tones: Record<SetupCheck['status'], Tone> = { ready: 'good', attention: 'warn', missing: 'bad' };

/** The readiness checklist. @param check what the API answers */
export function setupPage({ check }: { check: (orgId: string) => Promise<SetupCheck[]> }): PageSpec {
  return definePage({
    method: 'get',
    path: '/setup',
    access: 'read',
    handler: async ({ org }) => {
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
                  {names[each.id] ?? each.id} <Badge tone={tones[each.status]}>{each.status}</Badge>
                </h2>
                <p class="text">{each.detail}</p>
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
          <p>
            The API is described at <a href="/docs">/docs</a>.
          </p>
        </>,
      );
    },
  });
}
