import type { Models } from '../../models.js';
import type { EscalationStatus } from '../../escalations/model.js';
import type { SlaClock } from '../../../workflows/contracts/escalation.js';
import { severities } from '../../lib/severity.js';
import { bound, countedTo } from './reading.js';

const unresolved = ['open', 'claimed'] as const satisfies EscalationStatus[];

interface Group {
  _id: { status: (typeof unresolved)[number]; severity: string; breached: SlaClock | null };
  count: number;
}

export interface EscalationCounts {
  open: { status: string; severity: string; count: number }[];
  overdue: { clock: SlaClock; severity: string; count: number }[];
}

/** How many escalations wait for somebody, and how many of them for longer than their SLA allows. Zeros are there as well. */
export async function readEscalations(models: Models): Promise<EscalationCounts> {
  const groups = await models.escalations
    .aggregate<Group>([
      { $match: { status: { $in: unresolved } } },
      { $limit: countedTo },
      { $group: { _id: { status: '$status', severity: '$severity', breached: '$breached' }, count: { $sum: 1 } } },
    ])
    .option(bound);
  const sum = (wanted: (group: Group['_id']) => boolean) =>
    groups.filter(({ _id }) => wanted(_id)).reduce((total, { count }) => total + count, 0);
  return {
    open: unresolved.flatMap((status) =>
      severities.map((severity) => ({
        ...{ status, severity },
        count: sum((group) => group.status === status && group.severity === severity),
      })),
    ),
    overdue: (['acknowledge', 'resolve'] as const).flatMap((clock) =>
      severities.map((severity) => ({
        ...{ clock, severity },
        count: sum((group) => group.severity === severity && overdueClock(group) === clock),
      })),
    ),
  };
}

/** Acknowledged late is not overdue any more. */
function overdueClock({ status, breached }: Group['_id']): SlaClock | null {
  return breached === 'acknowledge' && status === 'claimed' ? null : breached;
}
