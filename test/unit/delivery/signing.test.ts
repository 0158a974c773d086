import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signedHeaders, signingKey } from '../../../src/lib/signing.js';

const body = Buffer.from('{"a":"ü"}');
const at = new Date('2021-02-25T20:27:10.999Z');

describe('signing', () => {
  it('gives the signature that Standard Webhooks documents', () => {
    // The example of the specification and of svix's libraries.
    const signed = signedHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: new Date(1614265330 * 1000),
      body: Buffer.from('{"test": 2432232314}'),
      event: 'event.created',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(signed['webhook-timestamp']).toBe('1614265330');
  });

  it('signs with both secrets in an overlap, the newest first', () => {
    const secrets = ['whsec_bmV3', 'whsec_b2xk'];
    const signed = signedHeaders({ id: 'evt_1', at, body, event: 'event.created', secrets });
    const [newest, older] = (signed['webhook-signature'] ?? '').split(' ');
    const alone = (secret: string) =>
      signedHeaders({ id: 'evt_1', at, body, event: 'event.created', secrets: [secret] })['webhook-signature'];
    expect([newest, older]).toEqual(secrets.map(alone));
    const whole = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    expect(signed['x-keeptrusts-signature']).toBe(whole('whsec_bmV3'));
    expect(signed['x-keeptrusts-signature-previous']).toBe(whole('whsec_b2xk'));
  });

  it('sends no signature without a secret', () => {
    expect(signedHeaders({ id: 'ntf_1', at, body, event: 'notification.test', secrets: [] })).toEqual({
      'webhook-id': 'ntf_1',
      'webhook-timestamp': '1614284830',
      'x-keeptrusts-event': 'notification.test',
    });
  });

  it.each([
    ['whsec_AAEC', Buffer.from([0, 1, 2])],
    ['whsec_AAE=', Buffer.from([0, 1])],
    ['whsec_AAE', Buffer.from([0, 1])],
    ['a plain ü text', Buffer.from('a plain ü text')],
    ['whsec_', Buffer.from('whsec_')],
    ['whsec_not base64!', Buffer.from('whsec_not base64!')],
  ])('takes %j for its bytes', (secret, expected) => {
    expect(signingKey(secret)).toEqual(expected);
  });
});
