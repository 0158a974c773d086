import type { Permission } from '../../http/caller.js';
import { PostForm } from '../forms/post-form.js';
import type { Session } from '../session/sessions.js';

interface NavEntry {
  label: string;
  href: string;
  needs: Permission;
}

const workEntries: NavEntry[] = [
  { label: 'Escalations', href: '/escalations', needs: 'read' },
  { label: 'Evidence requests', href: '/evidence-requests', needs: 'read' },
];

const settingsEntries: NavEntry[] = [
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
        <Entries entries={workEntries.filter(({ needs }) => can(needs))} path={path} />
        <h2>Settings</h2>
        <Entries entries={settingsEntries.filter(({ needs }) => can(needs))} path={path} />
      </nav>
      <div class="who">
        <p>
          {caller.kind === 'admin' ? <a href="/orgs">{orgId ?? 'Choose an org'}</a> : <span>{orgId}</span>}
          <span class="dim">{caller.actor.name}</span>
        </p>
        <PostForm session={session} action="/logout">
          <button class="quiet">Sign out</button>
        </PostForm>
        <button type="button" class="quiet" data-opens="keys" data-script hidden>
          Keys <kbd aria-hidden="true">?</kbd>
        </button>
      </div>
    </header>
  );
}

function Entries({ entries, path }: { entries: NavEntry[]; path: string }) {
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
