import { createHmac } from 'node:crypto';

interface Signing {
  id?: string;
  /** Seconds since 1970. */
  timestamp?: number;
  /** The newest first. */
  secrets: string[];
}

/** The headers of a signed message, written after the Standard Webhooks specification and API.md, with nothing of ours. */
export function sign(body: string, { id = 'evt_1', timestamp = Math.floor(Date.now() / 1000), secrets }: Signing) {
  const standard = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  const [newest = '', previous] = secrets.map(
    (secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standard.join(' '),
    'X-Keeptrusts-Signature': newest,
    ...(previous !== undefined && { 'X-Keeptrusts-Signature-Previous': previous }),
    'X-Keeptrusts-Event': 'config.deployed',
  };
}
