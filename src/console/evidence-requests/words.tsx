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

/** As people say it: `in progress`. */
export const statusWords = (status: EvidenceStatus) => status.replaceAll('_', ' ');

export const StatusBadge = ({ status }: { status: EvidenceStatus }) => (
  <Badge tone={tones[status]}>{statusWords(status)}</Badge>
);

/** Nothing is waited for any more, so no clock runs. */
const settled: readonly EvidenceStatus[] = ['submitted', 'accepted', 'closed'];

/** The clock, while somebody still owes it. */
export function Due({ of: { due_at, status } }: { of: EvidenceRequestDoc }) {
  if (due_at === null) return <span class="dim">–</span>;
  if (!settled.includes(status)) return <Countdown until={due_at} />;
  return (
    <span class="dim">
      <Time at={due_at} />
    </span>
  );
}
