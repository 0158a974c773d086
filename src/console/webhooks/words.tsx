import type { EventType } from '../../events/types.js';
import type { DeliveryStatus, Trigger } from '../../webhooks/deliveries/model.js';
import { Badge, type Tone } from '../parts/badge.js';

/** When each type of event fires. */
export const eventSentences: Record<EventType, string> = {
  'event.created': 'A gateway has reported a decision, such as a prompt that was blocked.',
  'escalation.created': 'Something waits for a reviewer: a policy matched, or somebody raised it.',
  'escalation.resolved': 'A reviewer has decided, or the source it came from has.',
  'export.completed': 'An export is ready.',
  'gateway.health_changed': 'A gateway has become better or worse.',
  'budget.threshold_reached': 'A wallet has spent a share of its budget.',
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

export const triggerWords: Record<Trigger, string> = {
  automatic: 'on schedule',
  manual: 'sent again by hand',
  test: 'a test',
  recovery: 'recovered',
};

export const pathOf = (endpointId: string, rest = '') => `/settings/webhooks/${encodeURIComponent(endpointId)}${rest}`;

export const deliveryPathOf = (endpointId: string, deliveryId: string, rest = '') =>
  pathOf(endpointId, `/deliveries/${encodeURIComponent(deliveryId)}${rest}`);

/** `12 ms`, `1.4 s`. */
export const msWords = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** `1 delivery`, `2 deliveries`; past what is counted, `10,000 or more`. */
export function deliveriesWords(count: number): string {
  const shown = count >= 10_000 ? '10,000 or more' : String(count);
  return `${shown} ${count === 1 ? 'delivery' : 'deliveries'}`;
}
