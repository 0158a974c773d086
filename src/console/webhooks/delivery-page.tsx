import type { PresentedDelivery } from '../../webhooks/deliveries/schema.js';
import type { SentRequest } from '../../webhooks/deliveries/sent-request.js';
import { unsettled } from '../../webhooks/deliveries/change.js';
import type { FormErrors } from '../forms/errors.js';
import { ErrorSummary } from '../forms/fields.js';
import { PostForm } from '../forms/post-form.js';
import type { PageRequest } from '../page.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import { Attempts } from './attempts.js';
import { DeliveryBadge, deliveryPath, endpointPath, endpointsPath } from './labels.js';
import { SentRequestSection } from './sent.js';
import type { EndpointView } from './view.js';

export interface DeliveryPageProps {
  request: PageRequest;
  endpoint: EndpointView;
  delivery: PresentedDelivery;
  sent: SentRequest | null;
  errors: FormErrors;
}

/** One delivery: its attempts, what happens next, and the request. */
export function DeliveryPage({ request, endpoint, delivery, sent, errors }: DeliveryPageProps) {
  const last = delivery.attempts.at(-1);
  return (
    <>
      <div class="head">
        <div>
          <p class="dim">
            <a href={endpointsPath}>Webhooks</a> / <a href={endpointPath(endpoint.id)}>{new URL(endpoint.url).host}</a>{' '}
            / <CopyableId id={delivery.id} />
          </p>
          <h1>{delivery.event_type}</h1>
          <p>
            <CopyableId id={delivery.event_id} label="the event’s id" /> <span class="dim">arrived</span>{' '}
            <Time at={new Date(delivery.created_at)} />
          </p>
        </div>
        {request.can('configure') && <Actions request={request} endpoint={endpoint} delivery={delivery} />}
      </div>
      <ErrorSummary errors={errors} />
      <div class="columns even">
        <DeliveryStatus endpoint={endpoint} delivery={delivery} />
        <div>
          <SentRequestSection
            sent={sent}
            lastAttemptAt={last ? new Date(last.at) : null}
            isRaw={request.query.get('body') === 'raw'}
            path={deliveryPath(endpoint.id, delivery.id)}
          />
        </div>
      </div>
    </>
  );
}

function Actions({ request, endpoint, delivery }: Pick<DeliveryPageProps, 'request' | 'endpoint' | 'delivery'>) {
  const path = (action: string) => deliveryPath(endpoint.id, delivery.id, action);
  const isOpen = unsettled.some((status) => status === delivery.status);
  return (
    <div class="actions">
      {isOpen && (
        <PostForm session={request.session} action={path('/cancel')}>
          <button>Cancel</button>
        </PostForm>
      )}
      {endpoint.enabled ? (
        <PostForm session={request.session} action={path('/resend')}>
          <button class="primary">Send again</button>
        </PostForm>
      ) : (
        <span class="dim">The endpoint is disabled.</span>
      )}
    </div>
  );
}

/** The target element of htmx for a refresh. */
export const deliveryStatusId = 'delivery-status';
const refreshWithinMs = 60_000;

/** The attempts, and what happens next. Refreshes itself around the time of the next attempt. */
export function DeliveryStatus({ endpoint, delivery }: Pick<DeliveryPageProps, 'endpoint' | 'delivery'>) {
  const { status, next_attempt_at: nextAttemptAt } = delivery;
  const isImminent = nextAttemptAt !== null && Math.abs(Date.parse(nextAttemptAt) - Date.now()) < refreshWithinMs;
  const refresh = {
    'hx-get': deliveryPath(endpoint.id, delivery.id),
    'hx-trigger': 'every 2s',
    'hx-target': `#${deliveryStatusId}`,
    'hx-swap': 'outerHTML',
  };
  return (
    <section id={deliveryStatusId} aria-label="Attempts" {...(isImminent && refresh)}>
      <h2>
        Attempts <DeliveryBadge status={status} />
      </h2>
      <p>
        <StatusText delivery={delivery} endpoint={endpoint} />
      </p>
      <Attempts attempts={delivery.attempts} />
    </section>
  );
}

function StatusText({ endpoint, delivery }: Pick<DeliveryPageProps, 'endpoint' | 'delivery'>) {
  const { status, next_attempt_at, workflow, attempts } = delivery;
  const { nextProbeAt } = endpoint.breaker;
  switch (status) {
    case 'succeeded':
      return <>Received. It isn’t sent again unless somebody resends it.</>;
    case 'failed':
      return (
        <>{attempts.length === 1 ? 'The attempt' : 'All attempts'} failed. It isn’t retried automatically any more.</>
      );
    case 'cancelled':
      return <>Cancelled. It isn’t sent automatically any more.</>;
    case 'parked':
      return (
        <>
          Parked: too many attempts to its endpoint failed. It is sent, in order, when a probe succeeds
          {nextProbeAt && nextProbeAt > new Date() && (
            <>
              ; the next probe is <Time at={nextProbeAt} />
            </>
          )}
          . {workflow?.url && <a href={workflow.url}>Probes in the Temporal UI</a>}
        </>
      );
    case 'pending':
    case 'retrying': {
      const at = next_attempt_at === null ? null : new Date(next_attempt_at);
      if (at === null || at.getTime() <= Date.now()) return <>Sending now.</>;
      return (
        <>
          Next attempt <Time at={at} />.
        </>
      );
    }
  }
}
