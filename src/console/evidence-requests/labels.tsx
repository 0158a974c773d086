import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import type { EvidenceStatus } from '../../integrations/evidence-status.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Countdown, Time } from '../parts/time.js';

const tones: Record<EvidenceStatus, Tone> = {
  open: 'info',
  in_progress: 'info',
  submitted: 'warn',
  accepted: 'good',
  rejected: 'bad',
  closed: 'neutral',
};

/** `in progress` */
export const statusLabel = (status: EvidenceStatus) => status.replaceAll('_', ' ');

export const StatusBadge = ({ status }: { status: EvidenceStatus }) => (
  <Badge tone={tones[status]}>{statusLabel(status)}</Badge>
);

/** In these the evidence has been provided or isn't needed, so no countdown runs. */
const settledStatuses: readonly EvidenceStatus[] = ['submitted', 'accepted', 'closed'];

/** A countdown while the evidence is missing, else the due time. */
export function Due({ of: { due_at, status } }: { of: EvidenceRequestDoc }) {
  if (due_at === null) return <span class="dim">–</span>;
  if (!settledStatuses.includes(status)) return <Countdown until={due_at} />;
  return (
    <span class="dim">
      <Time at={due_at} />
    </span>
  );
}
