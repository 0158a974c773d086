import type { PresentedEscalation } from '../../escalations/presenter.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Countdown } from '../parts/time.js';

const tones: Record<PresentedEscalation['status'], Tone> = { open: 'info', claimed: 'neutral', resolved: 'neutral' };

/** Where it stands: the resolution says more than that there is one. */
export function Standing({ of }: { of: Pick<PresentedEscalation, 'status' | 'resolution'> }) {
  if (of.status !== 'resolved') return <Badge tone={tones[of.status]}>{of.status}</Badge>;
  return <Badge tone={of.resolution === 'denied' ? 'bad' : 'neutral'}>{of.resolution ?? 'resolved'}</Badge>;
}

/** The clock that runs now; nothing when none does. */
export function Clock({ of }: { of: PresentedEscalation }) {
  const { acknowledge_due_at: acknowledge, resolve_due_at: resolve } = of.sla;
  if (of.status === 'resolved') return <span class="dim">–</span>;
  if (of.status === 'open' && acknowledge !== null) {
    return (
      <>
        <Countdown until={new Date(acknowledge)} /> <span class="dim">to claim</span>
      </>
    );
  }
  if (resolve === null) return <span class="dim">–</span>;
  return (
    <>
      <Countdown until={new Date(resolve)} /> <span class="dim">to resolve</span>
    </>
  );
}

export const gatewayName = ({ gateway }: PresentedEscalation): string => {
  const name = gateway?.name ?? gateway?.id ?? '';
  return gateway?.environment ? `${name} (${gateway.environment})` : name;
};

export const actorName = ({ actor }: PresentedEscalation): string => actor?.name ?? actor?.email ?? actor?.id ?? '';
