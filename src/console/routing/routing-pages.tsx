import type { ConnectionService } from '../../integrations/connections/service.js';
import type { TicketProviders } from '../../integrations/connections/ticket-providers.js';
import type { RoutingService } from '../../escalations/routing/service.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import { inFormWords, type Difference } from '../parts/meanwhile.js';
import { differencesOf, fieldsOfRouting, routingInputOf, typedFields, type RoutingFields } from './routing-form.js';
import { RoutingPage, routingPath } from './routing-page.js';

export interface RoutingTargets {
  connections: Pick<ConnectionService, 'list'>;
  tickets: Pick<TicketProviders, 'choose' | 'of'>;
}

interface Dependencies extends RoutingTargets {
  routing: RoutingService;
}

interface Typed {
  fields: RoutingFields;
  errors: FormErrors;
  status: number;
}

/** More than an org can have. */
const mostConnections = 200;

/** Where tickets go that name no connection, in words: `Jira of ours (jira)`, `the deployment’s mock`. */
export async function usualTarget({ connections, tickets }: RoutingTargets, orgId: string) {
  const [{ data }, { provider, connectionId }] = await Promise.all([
    connections.list(orgId, { limit: mostConnections }),
    tickets.choose(orgId, null),
  ]);
  const own = data.find(({ _id }) => _id === connectionId);
  return { connections: data, usual: own ? `${own.name} (${own.provider})` : `the deployment’s ${provider}` };
}

/** Tickets, severity map and clocks: one document, one form. */
export function routingDocumentPages({ routing, ...targets }: Dependencies): PageSpec[] {
  async function show(request: PageRequest, typed: Typed | null = null) {
    const [{ version, ...current }, { connections, usual }] = await Promise.all([
      routing.get(request.org),
      usualTarget(targets, request.org),
    ]);
    const stored = fieldsOfRouting(current);
    const differences: Difference[] | null = typed?.status === 412 ? differencesOf(stored, typed.fields) : null;
    const body = (
      <RoutingPage
        {...{ request, version, connections, usual, differences }}
        routing={current}
        fields={typed?.fields ?? stored}
        errors={typed?.errors ?? noErrors}
      />
    );
    return pageOf('Routing', body, { status: typed?.status ?? 200 });
  }

  return [
    definePage({ method: 'get', path: routingPath, access: 'read', handler: (request) => show(request) }),
    definePage({
      method: 'post',
      path: routingPath,
      access: 'configure',
      handler: async (request) => {
        const { org, form, session } = request;
        const current = await routing.get(org);
        const fields = typedFields(form, Object.keys(fieldsOfRouting(current)));
        const saved = await attempt(async () =>
          routing.replace(org, routingInputOf(fields, current), { caller: session.caller, ifMatch: form.text('etag') }),
        );
        if ('value' in saved)
          return redirectTo(routingPath, { notice: 'Saved. It holds for what is raised from now on.' });
        const { status } = saved;
        return show(request, { fields, status, errors: inFormWords(saved.errors, status, changedMeanwhile) });
      },
    }),
  ];
}

const changedMeanwhile = 'Somebody changed the routing meanwhile. What you typed is kept below; nothing was saved.';
