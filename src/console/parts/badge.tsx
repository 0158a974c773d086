/** What a state means to the reader. It picks the colour and the shape; the word carries the meaning on its own. */
export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad';

const shapes: Record<Tone, string> = { neutral: '○', info: '◐', good: '●', warn: '▲', bad: '■' };

export const Badge = ({ tone, children }: { tone: Tone; children: string }) => (
  <span class={`badge ${tone}`}>
    <span aria-hidden="true">{shapes[tone]}</span> {children}
  </span>
);

export const SeverityBadge = ({ severity }: { severity: 'low' | 'medium' | 'high' | 'critical' }) => (
  <span class={`severity ${severity}`}>
    <span aria-hidden="true" class="bars" /> {severity}
  </span>
);

export const OnOffBadge = ({ isOn }: { isOn: boolean }) => (
  <Badge tone={isOn ? 'good' : 'neutral'}>{isOn ? 'on' : 'off'}</Badge>
);

/** The result of one readiness or connection check. */
export interface Check {
  id: string;
  status: 'ready' | 'attention' | 'missing';
  detail: string;
}

const checkTones: Record<Check['status'], Tone> = { ready: 'good', attention: 'warn', missing: 'bad' };

export const CheckBadge = ({ status }: Pick<Check, 'status'>) => <Badge tone={checkTones[status]}>{status}</Badge>;

export const CheckList = ({ checks }: { checks: readonly Check[] }) => (
  <ul class="found">
    {checks.map(({ id, status, detail }) => (
      <li key={id}>
        <CheckBadge status={status} /> <strong>{id.replaceAll('_', ' ')}</strong> <span class="text">{detail}</span>
      </li>
    ))}
  </ul>
);
