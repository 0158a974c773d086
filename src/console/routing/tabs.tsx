const tabs = [
  { href: '/settings/routing', label: 'Tickets and clocks' },
  { href: '/settings/routing/policies', label: 'Policies' },
  { href: '/settings/routing/try', label: 'Try it' },
];

/** The head that the three pages of routing share. */
export function RoutingHead({ at }: { at: string }) {
  return (
    <>
      <div class="head">
        <div>
          <h1>Routing</h1>
          <p class="dim">Which events become escalations, and where those go.</p>
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
}
