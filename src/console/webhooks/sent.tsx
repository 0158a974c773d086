import type { SentRequest } from '../../webhooks/deliveries/sent-request.js';
import { Badge } from '../parts/badge.js';
import { CopyButton } from '../parts/copy.js';
import { Time } from '../parts/time.js';

/** More of a body is left to the API. */
const mostShown = 16_000;

interface SentProps {
  /** Null when its event is past retention. */
  sent: SentRequest | null;
  /** Of the last try; null before the first. */
  lastTriedAt: Date | null;
  /** As it goes over the wire, or set out to be read. */
  isRaw: boolean;
  path: string;
}

/** The request as it goes to the receiver, and how that checks it. */
export function Sent({ sent, lastTriedAt, isRaw, path }: SentProps) {
  if (!sent) {
    return (
      <section aria-label="Request">
        <h2>Request</h2>
        <p class="dim">What it sent is past retention, and gone.</p>
      </section>
    );
  }
  const shown = isRaw ? sent.body : pretty(sent.body);
  return (
    <>
      <section aria-label="Request">
        <h2>Request</h2>
        <pre tabindex={0} aria-label="The request’s line and headers">
          {`POST ${sent.url}\n`}
          {sent.headers.map(({ name, value }) => `${name}: ${value ?? '(yours, write-only)'}\n`).join('')}
        </pre>
        <p class="help">
          Headers are not stored: these are computed{' '}
          {lastTriedAt ? (
            <>
              for the time of the last try (<Time at={lastTriedAt} />)
            </>
          ) : (
            'for this moment, as nothing was sent yet'
          )}
          , with the URL, headers and secrets that are set now.
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
            {isRaw && <CopyButton text={sent.body.slice(0, mostShown)} label="the body" />}
          </p>
        </div>
        <pre tabindex={0} aria-label="The body">
          {shown.slice(0, mostShown)}
        </pre>
        {shown.length > mostShown && <p class="help">Cut here; the API’s answer has all of it.</p>}
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
          <Badge tone="bad">the key that the secret is sealed with is missing: nothing can be signed</Badge>
        ) : (
          <Badge tone={verifies ? 'good' : 'bad'}>
            {verifies ? 'verifies with the current secret' : 'does not verify with the current secret'}
          </Badge>
        )}
      </p>
      <p>
        Signed is <code>{`${id}.${timestamp}.`}</code> and the body as sent, by HMAC-SHA256 with what stands after{' '}
        <code>whsec_</code>, from base64 (Standard Webhooks). With the body in <code>body.json</code> and the secret in{' '}
        <code>$SECRET</code> this prints what follows <code>v1,</code>:
      </p>
      <pre tabindex={0} aria-label="How a receiver computes it">
        {recipe}
      </pre>
    </section>
  );
}

/** @returns the text itself where it is no JSON */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
