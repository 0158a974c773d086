import { presentEndpoint } from '../../webhooks/endpoints/presenter.js';
import { unknownHealth } from '../../webhooks/endpoints/health.js';
import type { EndpointDoc } from '../../webhooks/endpoints/model.js';
import type { WebhookAdmin } from '../../webhooks/admin.js';
import type { Activity } from '../../webhooks/activity/activity.js';
import type { HealthStatus } from '../../webhooks/health/status.js';

/** An endpoint as the API presents it, thus without secrets, with what only the pages show. */
export type EndpointView = ReturnType<typeof presentEndpoint> & {
  breaker: HealthStatus;
  disabledAt: Date | null;
  /** When the previous secret stops signing; null without one. */
  previousSecretEndsAt: Date | null;
};

/** With the recent attempts, which take longer to read. */
export type ActiveView = EndpointView & { activity: Activity };

const noFailures: HealthStatus = { failingSince: null, openedAt: null, nextProbeAt: null, probes: 0, parked: 0 };

type Views = Pick<WebhookAdmin, 'healthOf' | 'healthStatusOf'>;

export async function viewsOf(
  { healthOf, healthStatusOf }: Views,
  orgId: string,
  endpoints: readonly EndpointDoc[],
): Promise<EndpointView[]> {
  const ids = endpoints.map(({ _id }) => _id);
  const [health, breakers] = await Promise.all([healthOf(orgId, ids), healthStatusOf(orgId, ids)]);
  const now = new Date();
  return endpoints.map((endpoint) => {
    const { _id, secrets, disabled_at: disabledAt } = endpoint;
    const endsAt = secrets[1]?.expires_at ?? null;
    return {
      ...presentEndpoint(endpoint, health.get(_id) ?? unknownHealth),
      breaker: breakers.get(_id) ?? noFailures,
      disabledAt,
      previousSecretEndsAt: endsAt !== null && endsAt > now ? endsAt : null,
    };
  });
}

/** @param maxActivityAgeMs cached activity may be that old */
export async function activeViewsOf(
  webhooks: Views & Pick<WebhookAdmin, 'activitiesOf'>,
  orgId: string,
  endpoints: readonly EndpointDoc[],
  maxActivityAgeMs: number,
): Promise<ActiveView[]> {
  const ids = endpoints.map(({ _id }) => _id);
  const [views, activities] = await Promise.all([
    viewsOf(webhooks, orgId, endpoints),
    webhooks.activitiesOf(ids, maxActivityAgeMs),
  ]);
  return views.flatMap((view) => {
    const activity = activities.get(view.id);
    return activity ? [{ ...view, activity }] : [];
  });
}

export async function viewOf(webhooks: Views, orgId: string, endpoint: EndpointDoc): Promise<EndpointView> {
  const [view] = await viewsOf(webhooks, orgId, [endpoint]);
  if (!view) throw new Error('No view was made of the endpoint.');
  return view;
}
