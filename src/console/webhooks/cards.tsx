import { longestOverlapSeconds, defaultOverlapSeconds } from '../../webhooks/endpoints/rotation.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { Dangerous } from '../parts/dangerous.js';
import { Field } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { Time } from '../parts/time.js';
import type { EndpointView } from './view.js';
import { pathOf } from './words.js';

interface CardProps {
  request: PageRequest;
  endpoint: EndpointView;
}

const overlaps = [
  { seconds: defaultOverlapSeconds, label: 'a day' },
  { seconds: 3_600, label: 'an hour' },
  { seconds: longestOverlapSeconds, label: 'a week' },
  { seconds: 0, label: 'not at all: it ends at once' },
];

/** The secret, which is never shown here, and how it is changed. */
export function SecretCard({ request: { session, can }, endpoint: { id, previousSecretEndsAt } }: CardProps) {
  return (
    <section class="card" aria-label="Secret">
      <h2>Secret</h2>
      {previousSecretEndsAt === null ? (
        <p class="dim">One secret signs. It was shown when it was made.</p>
      ) : (
        <p>
          Two secrets sign: the previous one expires <Time at={previousSecretEndsAt} />. Each delivery carries both
          signatures in <code>webhook-signature</code>; verifying with either secret succeeds.
        </p>
      )}
      {can('configure') && (
        <details>
          <summary>Rotate…</summary>
          <form method="post" action={pathOf(id, '/rotate')}>
            <FormToken session={session} />
            <div class="field">
              <label for="overlap_seconds">The secret of now goes on signing for</label>
              <select id="overlap_seconds" name="overlap_seconds" aria-describedby="overlap-help">
                {overlaps.map(({ seconds, label }) => (
                  <option key={seconds} value={seconds}>
                    {label}
                  </option>
                ))}
              </select>
              <p class="help" id="overlap-help">
                Until then both sign, so receivers can change over in their own time.
                {previousSecretEndsAt !== null && ' The previous one ends at once.'}
              </p>
            </div>
            <button>Rotate secret</button>
          </form>
        </details>
      )}
    </section>
  );
}

/** Brings what failed and what was missed. */
export function RecoverCard({
  request: { session, form },
  endpoint: { id, enabled, disabledAt },
  errors,
}: CardProps & { errors: FormErrors }) {
  const since = form.text('since') || minuteOf(disabledAt ?? new Date(Date.now() - 86_400_000));
  return (
    <section class="card" aria-label="Recover">
      <h2>Recover</h2>
      {enabled ? (
        <form method="post" action={pathOf(id, '/recover')}>
          <FormToken session={session} />
          <input type="hidden" name="since_offset" id="since_offset" value={form.text('since_offset')} />
          <Field
            label="Since"
            name="since"
            errors={errors}
            help={
              <>
                <span data-zone-of="since">In UTC.</span> What failed, and what came while it was disabled, is sent;
                nothing twice.
              </>
            }
          >
            {(control) => (
              <input {...control} type="datetime-local" value={since} required data-offset="since_offset" />
            )}
          </Field>
          <button>Recover</button>
        </form>
      ) : (
        <p class="dim">Enable it first: then what it missed can be sent.</p>
      )}
    </section>
  );
}

/** Stopping, starting, and taking it away. */
export function StopCard({ request: { session }, endpoint: { id, enabled, url } }: CardProps) {
  return (
    <section class="card" aria-label="Stop">
      <h2>{enabled ? 'Stop' : 'Start'}</h2>
      <form method="post" action={pathOf(id, enabled ? '/disable' : '/enable')}>
        <FormToken session={session} />
        <p class="dim">
          {enabled
            ? 'Nothing is sent while it is disabled. What comes meanwhile can be recovered.'
            : 'What comes from then on is sent. What it missed can be recovered.'}
        </p>
        <p>
          <button>{enabled ? 'Disable' : 'Enable'}</button>
        </p>
      </form>
      <Dangerous session={session} action={pathOf(id, '/delete')} ask="Delete…" confirm="Delete the endpoint">
        {`Nothing more is sent to ${new URL(url).host}, what waits is cancelled, and its log can no longer be read. There is no way back.`}
      </Dangerous>
    </section>
  );
}

/** As `datetime-local` takes it, in UTC. */
const minuteOf = (at: Date) => at.toISOString().slice(0, 16);
