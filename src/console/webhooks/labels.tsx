import type { EventType } from '../../events/types.js';
import type { DeliveryStatus, Trigger } from '../../webhooks/deliveries/model.js';
import { Badge, type Tone } from '../parts/badge.js';

/** When an event of each type is sent. */
export const eventDescriptions: Record<EventType, string> = {
  'event.created': 'A gateway reported a decision, such as a blocked prompt.',
  'escalation.created': 'An escalation waits for review: a policy matched, or somebody raised it.',
  'escalation.resolved': 'A reviewer, or the escalation’s source, has decided.',
  'export.completed': 'An export is ready.',
  'gateway.health_changed': 'The health of a gateway changed.',
  'budget.threshold_reached': 'A wallet spent a share of its budget.',
  'config.deployed': 'A gateway runs a new configuration.',
};

const tones: Record<DeliveryStatus, Tone> = {
  pending: 'info',
  retrying: 'warn',
  parked: 'warn',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'neutral',
};

export const DeliveryBadge = ({ status }: { status: DeliveryStatus }) => <Badge tone={tones[status]}>{status}</Badge>;

export const triggerLabels: Record<Trigger, string> = {
  automatic: 'on schedule',
  manual: 'resent by hand',
  test: 'a test',
  recovery: 'recovered',
};

export const endpointsPath = '/settings/webhooks';

export const endpointPath = (endpointId: string, action = '') =>
  `${endpointsPath}/${encodeURIComponent(endpointId)}${action}`;

export const deliveryPath = (endpointId: string, deliveryId: string, action = '') =>
  endpointPath(endpointId, `/deliveries/${encodeURIComponent(deliveryId)}${action}`);

/** `12 ms`, `1.4 s` */
export const msText = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** Counting stops there. */
const maxCount = 10_000;

/** `12`, `10,000+` */
export const countText = (count: number): string => (count >= maxCount ? '10,000+' : String(count));

/** `1 delivery`, `2 deliveries`, `10,000+ deliveries` */
export const deliveriesText = (count: number): string =>
  `${countText(count)} ${count === 1 ? 'delivery' : 'deliveries'}`;
