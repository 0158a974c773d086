import { presentHealth, type EndpointHealth } from './health.js';
import type { EndpointDoc } from './model.js';

/** Whitelisted: no secret, and of headers the names. */
export const presentEndpoint = (endpoint: EndpointDoc, health: EndpointHealth) => ({
  id: endpoint._id,
  url: endpoint.url,
  events: endpoint.events,
  description: endpoint.description,
  headers: endpoint.headers.map(({ name }) => name),
  rate_limit_per_second: endpoint.rate_limit_per_second,
  ordered: endpoint.ordered,
  enabled: endpoint.enabled,
  disabled_reason: endpoint.disabled_reason,
  health: presentHealth(health, endpoint.enabled),
  created_at: endpoint.created_at.toISOString(),
  updated_at: endpoint.updated_at.toISOString(),
});
