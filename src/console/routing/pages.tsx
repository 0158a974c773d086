import type { NewestEvent } from '../../escalations/policies/newest-event.js';
import type { PolicyService } from '../../escalations/policies/service.js';
import { replaceRoutingBody } from '../../escalations/routing/schema.js';
import type { RoutingService } from '../../escalations/routing/service.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { withStaleEditNotice } from '../forms/stale-edit.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import { routingPath } from './head.js';
import { policyPages } from './policy-pages.js';
import type { PreviewDeps } from './preview.js';
import { routingForm, storedValues } from './routing-form.js';
import { RoutingPage } from './routing-page.js';
import { targetsOf, type TargetDeps } from './targets.js';
import { tryPages } from './try-pages.js';

export interface RoutingPagesDeps extends PreviewDeps {
  routing: RoutingService;
  policies: PolicyService;
  newestEvent: NewestEvent;
}

/** Routing: which events become escalations, what happens to those, and a preview of both. */
export const routingPages = (deps: RoutingPagesDeps): PageSpec[] => [
  ...routingDocumentPages(deps),
  ...policyPages(deps),
  ...tryPages(deps),
];

const staleEditNotice = 'Somebody else changed the routing. Your input is kept below. Nothing was saved.';

/** The routing document: tickets, severity map and deadlines in one form. */
function routingDocumentPages({ routing, ...targetDeps }: TargetDeps & { routing: RoutingService }): PageSpec[] {
  const load = async (org: string) => {
    const [{ version, ...current }, targets] = await Promise.all([routing.get(org), targetsOf(targetDeps, org)]);
    return { version, current, targets, form: routingForm(current, targets) };
  };

  async function show(request: PageRequest, refusal: Refusal | null = null) {
    const { version, current, targets, form } = await load(request.org);
    const stored = storedValues(current);
    const values = refusal ? form.read(request.form) : stored;
    const errors = refusal ? withStaleEditNotice(refusal, staleEditNotice) : noErrors;
    const body = (
      <RoutingPage
        request={request}
        routing={current}
        version={version}
        targets={targets}
        state={{ form, values, errors }}
        differences={refusal?.status === 412 ? form.differences(stored, values) : null}
      />
    );
    return pageOf('Routing', body, { status: refusal?.status ?? 200 });
  }

  return [
    definePage({ method: 'get', path: routingPath, access: 'read', handler: (request) => show(request) }),
    definePage({
      method: 'post',
      path: routingPath,
      audit: { action: 'escalation_routing.replaced', subject: '/orgs/{org}/escalation-routing' },
      access: 'configure',
      handler: async (request) => {
        const { org, form: posted, session } = request;
        const { form } = await load(org);
        const saved = await attempt(async () => {
          const input = form.parse(replaceRoutingBody, form.read(posted));
          return routing.replace(org, input, { caller: session.caller, ifMatch: posted.text('etag') });
        }, form.errorsOf);
        if ('errors' in saved) return show(request, saved);
        return redirectTo(routingPath, { notice: 'Saved. It applies to escalations that are raised from now on.' });
      },
    }),
  ];
}
