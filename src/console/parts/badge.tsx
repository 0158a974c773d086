/** How a state is meant: it picks the colour and the shape, and the word says it to everybody. */
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
