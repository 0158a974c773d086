import { conflict, notFound } from '../../http/problem.js';
import type { EndpointDoc } from '../endpoints/model.js';
import type { EndpointStore } from '../endpoints/store.js';

/** @throws Problem 404 */
export async function endpointIn(
  endpoints: Pick<EndpointStore, 'findIn'>,
  orgId: string,
  id: string,
): Promise<EndpointDoc> {
  const endpoint = await endpoints.findIn(orgId, id);
  if (!endpoint) throw notFound('webhook');
  return endpoint;
}

/** Nothing is sent to it: what is made due would only fail. @throws Problem 409 */
export function refuseDisabled({ enabled }: Pick<EndpointDoc, 'enabled'>): void {
  if (!enabled) throw conflict('endpoint_disabled', 'The endpoint is disabled: enable it first.');
}
