import { createPaint, type Style } from '../lib/paint.js';
import { areaOf, areas } from './examine.js';
import { count, type Finding, type FindingStatus } from './finding.js';

const titles: Readonly<Record<(typeof areas)[number], string>> = {
  configuration: 'Configuration',
  mongodb: 'MongoDB',
  clocks: 'Clocks',
  temporal: 'Temporal',
  providers: 'Trackers and receivers',
  egress: 'Ways in and out',
  keys: 'Keys',
};

const marks: Readonly<Record<FindingStatus, { word: string; style: Style }>> = {
  ok: { word: 'ok       ', style: 'green' },
  attention: { word: 'attention', style: 'yellow' },
  bad: { word: 'bad      ', style: 'red' },
};

/** For people: each area, each finding a line, and under it what to do. */
export function reportText(findings: readonly Finding[], hasColours: boolean): string {
  const paint = createPaint(hasColours);
  const groups = areas.flatMap((area) => {
    const own = findings.filter((finding) => areaOf(finding) === area);
    if (own.length === 0) return [];
    const lines = own.flatMap(({ status, detail, todo }) => [
      `  ${paint(marks[status].style, marks[status].word)}  ${detail}`,
      ...(todo === null ? [] : [`             → ${todo}`]),
    ]);
    return [[paint('bold', titles[area]), ...lines].join('\n')];
  });
  return [...groups, conclusion(findings)].join('\n\n');
}

function conclusion(findings: readonly Finding[]): string {
  const number = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  const [wrong, wanting] = [number('bad'), number('attention')];
  if (wrong + wanting === 0) return `All is well: ${count(findings.length, 'thing')} looked at.`;
  const parts = [
    ...(wrong > 0 ? [`${wrong} bad`] : []),
    ...(wanting > 0 ? [`${wanting} to look at`] : []),
    `${number('ok')} ok`,
  ];
  return `${parts.join(', ')}.`;
}

/** For programs; `healthy` says what the exit code says. */
export const reportJson = (findings: readonly Finding[]): string =>
  JSON.stringify({ healthy: isHealthy(findings), findings }, null, 2);

export const isHealthy = (findings: readonly Finding[]): boolean => findings.every(({ status }) => status !== 'bad');
