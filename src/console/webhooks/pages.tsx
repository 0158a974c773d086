import type { WebhookDesk } from '../../webhooks/desk.js';
import type { PageSpec } from '../page.js';
import { deliveryPages } from './delivery-pages.js';
import { endpointPages } from './endpoint-pages.js';
import { listPages } from './list-pages.js';

/** The endpoints, what they are sent, and all that can be done about both. */
export const webhookPages = (desk: WebhookDesk): PageSpec[] => [
  // Before the endpoints: `new` is no id.
  ...listPages(desk),
  ...endpointPages(desk),
  ...deliveryPages(desk),
];
