import type { ComponentChildren } from 'preact';
import { Badge, type Tone } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import type { EndpointView } from './view.js';
import { deliveriesWords } from './words.js';

const disabledWords = {
  gone: 'its receiver answered 410',
  failing: 'nothing got through for five days',
};

const tones: Record<EndpointView['health']['status'], Tone> = {
  new: 'info',
  healthy: 'good',
  failing: 'warn',
  paused: 'bad',
  disabled: 'neutral',
};

/** Whether it is enabled and how it answers, as a word. */
export function EndpointBadge({ endpoint }: { endpoint: EndpointView }) {
  const { health, disabled_reason } = endpoint;
  return <Badge tone={disabled_reason === null ? tones[health.status] : 'bad'}>{health.status}</Badge>;
}

/** In a row: what decides, in a few words. */
export function ShortStanding({ endpoint }: { endpoint: EndpointView }): ComponentChildren {
  const { health, outlook, disabled_reason } = endpoint;
  switch (health.status) {
    case 'disabled':
      return disabled_reason === null ? 'by hand' : disabledWords[disabled_reason];
    case 'paused':
      return (
        <>
          parked behind {outlook.parked >= 10_000 ? '10,000+' : outlook.parked}, <Probe at={outlook.nextProbeAt} />
        </>
      );
    case 'failing':
      return `${health.consecutive_failures} failed in a row`;
    case 'new':
      return 'nothing sent yet';
    case 'healthy':
      return health.pending === 0 ? '' : `${deliveriesWords(health.pending)} on the way`;
  }
}

/** What happens next and when, in sentences. */
export function Next({ endpoint }: { endpoint: EndpointView }): ComponentChildren {
  const { health, outlook, disabled_reason, disabledAt } = endpoint;
  switch (health.status) {
    case 'disabled':
      return (
        <>
          Disabled
          {disabledAt && (
            <>
              {' '}
              <Time at={disabledAt} />
            </>
          )}
          {disabled_reason === null ? ' by hand' : `: ${disabledWords[disabled_reason]}`}. Nothing is sent until it is
          enabled; what comes meanwhile can be recovered then.
        </>
      );
    case 'paused':
      return (
        <>
          {`${health.consecutive_failures} tries in a row have failed, so `}
          {outlook.parked === 0
            ? 'what comes now is parked'
            : `${deliveriesWords(outlook.parked)} wait, parked in order`}
          . The oldest of them is tried as a probe: <Probe at={outlook.nextProbeAt} />. When one gets through, all are
          sent; after five days without one it is disabled.
        </>
      );
    case 'failing':
      return (
        <>
          {`${health.consecutive_failures} ${health.consecutive_failures === 1 ? 'try' : 'tries in a row'} failed`}
          {outlook.failingSince && (
            <>
              {' since '}
              <Time at={outlook.failingSince} />
            </>
          )}
          . Each delivery is tried again on its own schedule; after ten in a row over a minute it is probed instead.
        </>
      );
    case 'new':
      return 'Nothing was sent yet. Send a test, or wait for the first event of its types.';
    case 'healthy':
      return (
        <>
          It answers
          {health.last_success_at !== null && (
            <>
              , last <Time at={new Date(health.last_success_at)} />
            </>
          )}
          . {health.pending === 0 ? 'Nothing waits.' : `${deliveriesWords(health.pending)} on the way.`}
        </>
      );
  }
}

function Probe({ at }: { at: Date | null }) {
  if (at === null || at.getTime() <= Date.now()) return <>probing now</>;
  return (
    <>
      next probe <Time at={at} />
    </>
  );
}
