import { Badge, type Tone } from './badge.js';

/** Something that was looked at, and how it is. */
export interface Check {
  id: string;
  status: 'ready' | 'attention' | 'missing';
  detail: string;
}

const tones: Record<Check['status'], Tone> = { ready: 'good', attention: 'warn', missing: 'bad' };

export const CheckBadge = ({ status }: Pick<Check, 'status'>) => <Badge tone={tones[status]}>{status}</Badge>;

/** What was found of a tracker, a line each. */
export const CheckList = ({ checks }: { checks: readonly Check[] }) => (
  <ul class="found">
    {checks.map(({ id, status, detail }) => (
      <li key={id}>
        <CheckBadge status={status} /> <strong>{id.replaceAll('_', ' ')}</strong> <span class="text">{detail}</span>
      </li>
    ))}
  </ul>
);
