import { isThisHost } from '../../lib/net/this-machine.js';
import { checkHttpClock } from './clocks.js';
import { attention, bad, ok, reason, type Finding } from './finding.js';

const withinMs = 8_000;

/** Whether people and trackers reach the API where links say that it is; and its clock. */
export async function checkPublicUrl(publicUrl: string, production: boolean): Promise<Finding[]> {
  const id = 'egress.public_url';
  const at = Date.now();
  try {
    const response = await fetch(`${publicUrl}/healthz`, { redirect: 'manual', signal: AbortSignal.timeout(withinMs) });
    const answeredAt = Date.now();
    const body = (await response.text()).slice(0, 200);
    const clock = checkHttpClock('clocks.api', `whoever answers at PUBLIC_URL`, response.headers.get('date'), {
      at,
      answeredAt,
    });
    if (response.status === 200 && /"status"\s*:\s*"ok"/.test(body)) return [form(publicUrl, production), ...clock];
    return [
      bad(
        id,
        `${publicUrl}/healthz answers ${response.status}, and not as the API does.`,
        'Does PUBLIC_URL lead to the API? A proxy has to pass paths on as they are, without a redirect.',
      ),
      ...clock,
    ];
  } catch (error) {
    const message = `${publicUrl}/healthz does not answer: ${reason(error)}.`;
    return [bad(id, message, 'Start the API, or correct PUBLIC_URL, the proxy before it, or its name in DNS.')];
  }
}

function form(publicUrl: string, production: boolean): Finding {
  const id = 'egress.public_url';
  const { protocol, hostname } = new URL(publicUrl);
  const message = `${publicUrl} leads to the API.`;
  if (!production) return ok(id, message);
  if (isThisHost(hostname))
    return attention(
      id,
      `${message} Only on this machine, though: links lead nowhere elsewhere.`,
      'Set PUBLIC_URL to what people use.',
    );
  if (protocol !== 'https:')
    return attention(
      id,
      `${message} Without TLS: keys and cookies go in clear.`,
      'Put a proxy with a certificate before it, and set PUBLIC_URL to https.',
    );
  return ok(id, message);
}

/** The Temporal UI, which links lead to. */
export async function checkTemporalUi(uiUrl: string | undefined): Promise<Finding[]> {
  const id = 'temporal.ui';
  if (uiUrl === undefined)
    return [ok(id, 'TEMPORAL_UI_URL is not set: workflow.url is null, and the console shows no links to Temporal.')];
  const at = Date.now();
  try {
    const response = await fetch(uiUrl, { redirect: 'manual', signal: AbortSignal.timeout(withinMs) });
    const asked = { at, answeredAt: Date.now() };
    await response.arrayBuffer();
    const clock = checkHttpClock(
      'clocks.temporal',
      'whoever answers at TEMPORAL_UI_URL',
      response.headers.get('date'),
      asked,
    );
    if (response.status < 500) return [ok(id, `The Temporal UI answers at ${uiUrl}.`), ...clock];
    return [
      attention(id, `${uiUrl} answers ${response.status}.`, 'Look at the Temporal UI; only links lead there.'),
      ...clock,
    ];
  } catch (error) {
    const message = `${uiUrl} does not answer from here: ${reason(error)}.`;
    return [attention(id, message, 'Correct TEMPORAL_UI_URL, if those who follow the links cannot reach it either.')];
  }
}
