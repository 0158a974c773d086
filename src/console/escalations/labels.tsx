import type { PresentedEscalation } from '../../escalations/presenter.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Countdown } from '../parts/time.js';

const tones: Record<PresentedEscalation['status'], Tone> = { open: 'info', claimed: 'neutral', resolved: 'neutral' };

/** The status; for a resolved escalation its resolution. */
export function StatusBadge({ of }: { of: Pick<PresentedEscalation, 'status' | 'resolution'> }) {
  if (of.status !== 'resolved') return <Badge tone={tones[of.status]}>{of.status}</Badge>;
  return <Badge tone={of.resolution === 'denied' ? 'bad' : 'neutral'}>{of.resolution ?? 'resolved'}</Badge>;
}

/** The time left until the current deadline; a dash without one. */
export function Deadline({ of }: { of: PresentedEscalation }) {
  const { acknowledge_due_at: claimBy, resolve_due_at: resolveBy } = of.sla;
  if (of.status === 'resolved') return <span class="dim">–</span>;
  if (of.status === 'open' && claimBy !== null) {
    return (
      <>
        <Countdown until={new Date(claimBy)} /> <span class="dim">to claim</span>
      </>
    );
  }
  if (resolveBy === null) return <span class="dim">–</span>;
  return (
    <>
      <Countdown until={new Date(resolveBy)} /> <span class="dim">to resolve</span>
    </>
  );
}

export const gatewayName = ({ gateway }: PresentedEscalation): string => {
  const name = gateway?.name ?? gateway?.id ?? '';
  return gateway?.environment ? `${name} (${gateway.environment})` : name;
};

export const actorName = ({ actor }: PresentedEscalation): string => actor?.name ?? actor?.email ?? actor?.id ?? '';
