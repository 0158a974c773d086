import type { PresentedDelivery } from '../../webhooks/deliveries/schema.js';
import type { SentRequest } from '../../webhooks/deliveries/sent-request.js';
import { unsettled } from '../../webhooks/deliveries/change.js';
import type { FormErrors } from '../form.js';
import type { PageRequest } from '../page.js';
import { CopyableId } from '../parts/copy.js';
import { ErrorSummary } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { Time } from '../parts/time.js';
import { Attempts } from './attempts.js';
import { Sent } from './sent.js';
import type { EndpointView } from './view.js';
import { DeliveryBadge, deliveryPathOf, pathOf } from './words.js';

export interface DeliveryPageProps {
  request: PageRequest;
  endpoint: EndpointView;
  delivery: PresentedDelivery;
  sent: SentRequest | null;
  errors: FormErrors;
}

/** A delivery: each try, what happens next, and the request as it is sent. */
export function DeliveryPage({ request, endpoint, delivery, sent, errors }: DeliveryPageProps) {
  const last = delivery.attempts.at(-1);
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href="/settings/webhooks">Webhooks</a> / <a href={pathOf(endpoint.id)}>{new URL(endpoint.url).host}</a> /{' '}
            <CopyableId id={delivery.id} />
          </p>
          <h1>{delivery.event_type}</h1>
          <p>
            <CopyableId id={delivery.event_id} label="the event’s id" /> <span class="dim">came</span>{' '}
            <Time at={new Date(delivery.created_at)} />
          </p>
        </div>
        {request.can('configure') && <Acts {...{ request, endpoint, delivery }} />}
      </div>
      <ErrorSummary errors={errors} />
      <div class="columns even">
        <Standing endpoint={endpoint} delivery={delivery} />
        <div>
          <Sent
            sent={sent}
            lastTriedAt={last ? new Date(last.at) : null}
            isRaw={request.query.get('body') === 'raw'}
            path={deliveryPathOf(endpoint.id, delivery.id)}
          />
        </div>
      </div>
    </>
  );
}

function Acts({ request, endpoint, delivery }: Pick<DeliveryPageProps, 'request' | 'endpoint' | 'delivery'>) {
  const path = (act: string) => deliveryPathOf(endpoint.id, delivery.id, act);
  const isOpen = unsettled.some((status) => status === delivery.status);
  return (
    <div class="actions">
      {isOpen && (
        <form method="post" action={path('/cancel')}>
          <FormToken session={request.session} />
          <button>Cancel</button>
        </form>
      )}
      {endpoint.enabled ? (
        <form method="post" action={path('/resend')}>
          <FormToken session={request.session} />
          <button class="primary">Send again</button>
        </form>
      ) : (
        <span class="dim">The endpoint is disabled.</span>
      )}
    </div>
  );
}

export const standingId = 'delivery-standing';
const soonMs = 60_000;

/** What became of it so far, and what comes next; while that is about to change, it is asked for again. */
export function Standing({ endpoint, delivery }: Pick<DeliveryPageProps, 'endpoint' | 'delivery'>) {
  const { status, next_attempt_at: next } = delivery;
  const isMoving = next !== null && Math.abs(Date.parse(next) - Date.now()) < soonMs;
  const again = {
    'hx-get': deliveryPathOf(endpoint.id, delivery.id),
    'hx-trigger': 'every 2s',
    'hx-target': `#${standingId}`,
    'hx-swap': 'outerHTML',
  };
  return (
    <section id={standingId} aria-label="Tries" {...(isMoving && again)}>
      <h2>
        Tries <DeliveryBadge status={status} />
      </h2>
      <p>
        <Next delivery={delivery} endpoint={endpoint} />
      </p>
      <Attempts attempts={delivery.attempts} />
    </section>
  );
}

function Next({ endpoint, delivery }: Pick<DeliveryPageProps, 'endpoint' | 'delivery'>) {
  const { status, next_attempt_at, workflow, attempts } = delivery;
  switch (status) {
    case 'succeeded':
      return <>Received. Nothing more is sent, unless it is sent again.</>;
    case 'failed':
      return <>{attempts.length === 1 ? 'Its try' : 'All tries'} failed; nothing more is sent by itself.</>;
    case 'cancelled':
      return <>Cancelled: nothing more is sent by itself.</>;
    case 'parked':
      return (
        <>
          Parked: too many tries at its endpoint failed. It is sent, in its order, when a probe gets through
          {endpoint.outlook.nextProbeAt && endpoint.outlook.nextProbeAt > new Date() && (
            <>
              ; the next is <Time at={endpoint.outlook.nextProbeAt} />
            </>
          )}
          . {workflow?.url && <a href={workflow.url}>The probes, in the Temporal UI</a>}
        </>
      );
    case 'pending':
    case 'retrying': {
      const at = next_attempt_at === null ? null : new Date(next_attempt_at);
      if (at === null || at.getTime() <= Date.now()) return <>Sending now.</>;
      return (
        <>
          Next try <Time at={at} />.
        </>
      );
    }
  }
}
