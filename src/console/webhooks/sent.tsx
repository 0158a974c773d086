import type { SentRequest } from '../../webhooks/deliveries/sent-request.js';
import { parseJsonExactly } from '../../lib/json/index.js';
import { jsonText } from '../forms/json.js';
import { Badge } from '../parts/badge.js';
import { CopyButton } from '../parts/copy.js';
import { Time } from '../parts/time.js';

/** The API returns the whole body. */
const maxBodyLength = 16_000;

interface SentRequestProps {
  /** Null when the event is past retention. */
  sent: SentRequest | null;
  /** Null before the first attempt. */
  lastAttemptAt: Date | null;
  /** Shows the body byte for byte instead of indented. */
  isRaw: boolean;
  path: string;
}

/** The request that the receiver gets, and how to verify its signature. */
export function SentRequestSection({ sent, lastAttemptAt, isRaw, path }: SentRequestProps) {
  if (!sent) {
    return (
      <section aria-label="Request">
        <h2>Request</h2>
        <p class="dim">The request was deleted after its retention time.</p>
      </section>
    );
  }
  const shown = isRaw ? sent.body : indented(sent.body);
  return (
    <>
      <section aria-label="Request">
        <h2>Request</h2>
        <pre tabindex={0} aria-label="The request’s line and headers">
          {`POST ${sent.url}\n`}
          {sent.headers.map(({ name, value }) => `${name}: ${value ?? '(yours, write-only)'}\n`).join('')}
        </pre>
        <p class="help">
          Headers are not stored. These are computed{' '}
          {lastAttemptAt ? (
            <>
              for the time of the last attempt (<Time at={lastAttemptAt} />)
            </>
          ) : (
            'for the current time, since nothing was sent yet'
          )}
          , from the current URL, headers and secrets.
        </p>
        <div class="head bodyhead">
          <h3>Body</h3>
          <p class="actions">
            <a href={path} aria-current={isRaw ? undefined : 'true'}>
              Pretty
            </a>
            <a href={`${path}?body=raw`} aria-current={isRaw ? 'true' : undefined}>
              As sent
            </a>
            {isRaw && <CopyButton text={sent.body.slice(0, maxBodyLength)} label="the body" />}
          </p>
        </div>
        <pre tabindex={0} aria-label="The body">
          {shown.slice(0, maxBodyLength)}
        </pre>
        {shown.length > maxBodyLength && <p class="help">Truncated here. The API returns the whole body.</p>}
      </section>
      <Signature sent={sent} />
    </>
  );
}

function Signature({ sent: { id, timestamp, verifies } }: { sent: SentRequest }) {
  const recipe = `KEY=$(printf %s "\${SECRET#whsec_}" | base64 -d |
  od -An -v -tx1 | tr -d ' \\n')
{ printf %s '${id}.${timestamp}.'
  cat body.json; } |
  openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY -binary |
  base64`;
  return (
    <section aria-label="Signature">
      <h2>Signature</h2>
      <p>
        {verifies === null ? (
          <Badge tone="bad">the secret’s encryption key is missing: nothing can be signed</Badge>
        ) : (
          <Badge tone={verifies ? 'good' : 'bad'}>
            {verifies ? 'verifies with the current secret' : 'does not verify with the current secret'}
          </Badge>
        )}
      </p>
      <p>
        The signature is the HMAC-SHA256 of <code>{`${id}.${timestamp}.`}</code> and the body as sent. The key is the
        text after <code>whsec_</code>, decoded from base64 (Standard Webhooks). With the body in <code>body.json</code>{' '}
        and the secret in <code>$SECRET</code>, this prints the text after <code>v1,</code>:
      </p>
      <pre tabindex={0} aria-label="How to compute the signature">
        {recipe}
      </pre>
    </section>
  );
}

/** Returns text that isn't JSON unchanged. */
function indented(body: string): string {
  try {
    return jsonText(parseJsonExactly(body));
  } catch {
    return body;
  }
}
