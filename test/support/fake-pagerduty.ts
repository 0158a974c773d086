import { FakeService, isObject, objects, type Served, type Received } from './fake-service.js';

export const routingKey = 'c0ffee00canary00routing00key0000';

export interface FakeIncident {
  dedupKey: string;
  state: 'triggered' | 'acknowledged' | 'resolved';
  severity: string;
  summary: string;
  links: string[];
  /** How many events it took, the first one included. */
  events: number;
}

type Json = Record<string, unknown>;

/** Events API v2: one dedup key is one incident until it is resolved; what is for no open incident is taken and dropped. */
export class FakePagerDuty extends FakeService {
  readonly incidents: FakeIncident[] = [];

  constructor() {
    super((received) => this.take(received));
  }

  get endpoint(): string {
    return `${this.origin}/v2/enqueue`;
  }

  private take({ method, path, json, rawBody }: Received): Served {
    if (method !== 'POST' || path !== '/v2/enqueue') return { status: 404, body: {}, faults: ['not the endpoint'] };
    if (rawBody.length > 512 * 1024) return { status: 413, body: {}, faults: ['over 512 KB'] };
    const errors = isObject(json) ? faultsOf(json) : ['not JSON'];
    if (!isObject(json) || errors.length > 0) {
      const body = { status: 'invalid event', message: 'Event object is invalid', errors: [...errors, routingKey] };
      return { status: 400, body, faults: errors };
    }
    const dedupKey = String(json.dedup_key);
    this.apply(json, dedupKey);
    const body = { status: 'success', message: 'Event processed', dedup_key: dedupKey };
    return { status: 202, body, faults: [] };
  }

  private apply({ event_action: action, payload, links }: Json, dedupKey: string): void {
    const open = this.incidents.find((incident) => incident.dedupKey === dedupKey && incident.state !== 'resolved');
    if (open) {
      open.events += 1;
      // A trigger for an incident that is open is added to its log, and changes nothing else.
      if (action !== 'trigger') open.state = action === 'resolve' ? 'resolved' : 'acknowledged';
    } else if (action === 'trigger' && isObject(payload)) {
      this.incidents.push({
        dedupKey,
        state: 'triggered',
        severity: String(payload.severity),
        summary: String(payload.summary),
        links: objects(links).map(({ href }) => String(href)),
        events: 1,
      });
    }
  }
}

function faultsOf(event: Json): string[] {
  const { event_action: action, dedup_key: key, links = [] } = event;
  return [
    ...(event.routing_key === routingKey ? [] : ['Invalid routing key']),
    ...(['trigger', 'acknowledge', 'resolve'].includes(String(action)) ? [] : ["'event_action' is invalid"]),
    ...(typeof key === 'string' && key !== '' && key.length <= 255 ? [] : ["'dedup_key' is invalid"]),
    ...(Array.isArray(links) && links.every((link) => isObject(link) && /^https?:/.test(String(link.href)))
      ? []
      : ["'links' is invalid"]),
    ...(action === 'trigger' ? payloadFaults(event.payload) : []),
  ];
}

function payloadFaults(payload: unknown): string[] {
  if (!isObject(payload)) return ["'payload' is missing"];
  const { summary, source, severity, custom_details: details } = payload;
  const isText = (value: unknown, max: number) => typeof value === 'string' && value !== '' && value.length <= max;
  return [
    ...(isText(summary, 1024) ? [] : ["'payload.summary' is invalid"]),
    ...(isText(source, 255) ? [] : ["'payload.source' is invalid"]),
    ...(['critical', 'error', 'warning', 'info'].includes(String(severity)) ? [] : ["'payload.severity' is invalid"]),
    ...(details === undefined || isObject(details) ? [] : ["'payload.custom_details' is invalid"]),
  ];
}
