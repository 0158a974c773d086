import type { Permission } from '../../http/caller.js';
import { FormToken } from '../parts/form-token.js';
import type { Session } from '../session/sessions.js';

interface Entry {
  label: string;
  href: string;
  needs: Permission;
}

const work: Entry[] = [
  { label: 'Escalations', href: '/escalations', needs: 'read' },
  { label: 'Evidence requests', href: '/evidence-requests', needs: 'read' },
];

const settings: Entry[] = [
  { label: 'Webhooks', href: '/settings/webhooks', needs: 'read' },
  { label: 'Approvals', href: '/approvals/configure', needs: 'read' },
  { label: 'Connections', href: '/settings/connections', needs: 'read' },
  { label: 'Routing', href: '/settings/routing', needs: 'read' },
  { label: 'API keys', href: '/settings/api-keys', needs: 'configure' },
  { label: 'Setup', href: '/setup', needs: 'read' },
];

export function Navigation({
  session,
  path,
  can,
}: {
  session: Session;
  path: string;
  can: (permission: Permission) => boolean;
}) {
  const { caller, orgId } = session;
  return (
    <header class="nav">
      <a class="brand" href="/">
        Drawbridge
      </a>
      <nav aria-label="Main">
        <Entries entries={work.filter(({ needs }) => can(needs))} path={path} />
        <h2>Settings</h2>
        <Entries entries={settings.filter(({ needs }) => can(needs))} path={path} />
      </nav>
      <div class="who">
        <p>
          {caller.kind === 'admin' ? <a href="/orgs">{orgId ?? 'Choose an org'}</a> : <span>{orgId}</span>}
          <span class="dim">{caller.actor.name}</span>
        </p>
        <form method="post" action="/logout">
          <FormToken session={session} />
          <button class="quiet">Sign out</button>
        </form>
        <button type="button" class="quiet" data-opens="keys" data-script hidden>
          Keys <kbd aria-hidden="true">?</kbd>
        </button>
      </div>
    </header>
  );
}

function Entries({ entries, path }: { entries: Entry[]; path: string }) {
  return (
    <ul>
      {entries.map(({ label, href }) => (
        <li key={href}>
          <a href={href} aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}>
            {label}
          </a>
        </li>
      ))}
    </ul>
  );
}
