import { createHmac } from 'node:crypto';

/** What a tracker sends us, by API.md ("Inbound"). */
export interface ReplyPayload {
  external_id: string;
  comment?: { external_comment_id: string; author?: string; body: string };
  status?: string;
  event_id?: string;
  occurred_at?: string;
  [further: string]: unknown;
}

export interface ReplyOptions {
  secret: string;
  /** In place of the right signature; null sends none. */
  signature?: string | null;
  /** In place of the payload's JSON; the signature is made over it. */
  rawBody?: string | Buffer;
  contentType?: string;
  path?: string;
}

export interface ReplyAnswer {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
}

/** Posts a signed reply as a tracker would. @param apiUrl where the API is, without the base path */
export async function sendReply(
  apiUrl: string,
  payload: ReplyPayload | null,
  options: ReplyOptions,
): Promise<ReplyAnswer> {
  const { secret, contentType = 'application/json', path = '/api/v1/webhooks/tickets' } = options;
  const rawBody = Buffer.from(options.rawBody ?? JSON.stringify(payload));
  const signature =
    options.signature === undefined
      ? `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`
      : options.signature;
  const response = await fetch(new URL(path, apiUrl), {
    method: 'POST',
    headers: { 'content-type': contentType, ...(signature === null ? {} : { 'x-signature': signature }) },
    body: rawBody,
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: json ? (JSON.parse(text) as unknown) : text };
}
