import { createHmac, timingSafeEqual } from 'node:crypto';
import { FakeService, isObject, type Served, type Received } from './fake-service.js';

export interface ReceivedMessage {
  /** `webhook-id`. */
  id: string;
  type: string;
  orgId: string;
  data: Record<string, unknown>;
}

/**
 * Somebody's receiver of signed webhooks, written after the Standard Webhooks specification and API.md, with nothing of
 * ours: it checks the raw bytes, refuses what is older than five minutes, and takes each `webhook-id` once.
 */
export class FakeReceiver extends FakeService {
  readonly messages: ReceivedMessage[] = [];

  /** @param key the bytes that Standard Webhooks signs with @param secret the text that X-Keeptrusts-Signature uses; null checks nothing */
  constructor(
    private key: Buffer | null,
    private secret: string | null,
  ) {
    super((received) => this.take(received));
  }

  /** From now on it checks signatures with this secret, `whsec_…`. */
  trust(secret: string): void {
    this.key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    this.secret = secret;
  }

  get url(): string {
    return `${this.origin}/hooks/canary-path-token`;
  }

  private take(received: Received): Served {
    const { headers, json } = received;
    const faults = this.secret === null ? [] : this.signatureFaults(received);
    if (faults.length > 0) return { status: 401, body: { error: 'bad signature' }, faults };
    const id = headers['webhook-id'];
    if (!isObject(json) || typeof id !== 'string') return { status: 400, body: {}, faults: ['not a message'] };
    const type = String(headers['x-keeptrusts-event']);
    const shape = [
      ...(json.id === id ? [] : ['the id is not webhook-id']),
      ...(json.type === type ? [] : ['the type is not X-Keeptrusts-Event']),
      ...(Object.keys(json).join() === Object.keys(json).sort().join()
        ? []
        : ['the keys of the envelope are not sorted']),
    ];
    if (!this.messages.some((message) => message.id === id)) {
      this.messages.push({ id, type, orgId: String(json.org_id), data: json.data as Record<string, unknown> });
    }
    return { status: 204, body: '', faults: shape };
  }

  private signatureFaults({ headers, rawBody, at }: Received): string[] {
    const text = (name: string) => headers[name]?.toString() ?? '';
    const timestamp = text('webhook-timestamp');
    const signed = Buffer.concat([Buffer.from(`${text('webhook-id')}.${timestamp}.`), rawBody]);
    const expected = createHmac('sha256', this.key ?? '')
      .update(signed)
      .digest();
    const matches = text('webhook-signature')
      .split(' ')
      .filter((part) => part.startsWith('v1,'))
      .map((part) => Buffer.from(part.slice(3), 'base64'))
      .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
    const whole = createHmac('sha256', this.secret ?? '')
      .update(rawBody)
      .digest('hex');
    return [
      ...(/^\d{10}$/.test(timestamp) && Math.abs(at.getTime() / 1000 - Number(timestamp)) < 300 ? [] : ['timestamp']),
      ...(matches ? [] : ['webhook-signature']),
      ...(text('x-keeptrusts-signature') === `sha256=${whole}` ? [] : ['x-keeptrusts-signature']),
    ];
  }
}

/** A receiver that holds this secret: `whsec_…`, or a plain text; null asks for no signature. */
export const startFakeReceiver = (secret: string | null) => {
  const base64 = secret?.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : null;
  return new FakeReceiver(base64 ?? (secret === null ? null : Buffer.from(secret)), secret).up();
};
