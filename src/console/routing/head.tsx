export const routingPath = '/settings/routing';
export const policiesPath = `${routingPath}/policies`;
export const newPolicyPath = `${routingPath}/new-policy`;
export const orderPath = `${routingPath}/order`;
export const tryPath = `${routingPath}/try`;

export const policyPath = (id: string) => `${policiesPath}/${encodeURIComponent(id)}`;

const tabs = [
  { href: routingPath, label: 'Tickets and deadlines' },
  { href: policiesPath, label: 'Policies' },
  { href: tryPath, label: 'Try it' },
];

/** The title and the tabs of the routing pages. @param at the path of the open tab */
export const RoutingHead = ({ at }: { at: string }) => (
  <>
    <div class="head">
      <div>
        <h1>Routing</h1>
        <p class="dim">Which events become escalations, and what happens to those.</p>
      </div>
    </div>
    <nav class="tabs" aria-label="Routing">
      {tabs.map(({ href, label }) => (
        <a key={href} href={href} aria-current={href === at ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  </>
);
