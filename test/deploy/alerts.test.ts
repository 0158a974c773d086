import { describe, expect, it } from 'vitest';
import { anchorsOf, readPage } from '../docs/support/pages.js';
import { readYaml } from './files.js';

interface Rule {
  alert: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface ExpectedAlert {
  exp_labels: Record<string, string>;
  exp_annotations: Record<string, string>;
}

interface RuleTest {
  promql_expr_test?: { expr: string; exp_samples: { labels: string; value: number }[] }[];
  alert_rule_test?: { eval_time: string; alertname: string; exp_alerts?: ExpectedAlert[] }[];
}

const { groups } = readYaml('deploy/prometheus/alerts.yml') as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const { tests } = readYaml('deploy/prometheus/alerts.test.yml') as { tests: RuleTest[] };
const expectations = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
const names = rules.map(({ alert }) => alert);

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What a template becomes, with any value: promtool computes values, this test doesn't. */
function rendered(template: string, labels: Record<string, string>): RegExp {
  const pattern = template
    .split(/(\{\{.*?\}\})/)
    .map((part) => {
      const [, label] = /^\{\{ \$labels\.(\w+) \}\}$/.exec(part) ?? [];
      if (label !== undefined) return literal(labels[label] ?? '(missing)');
      return part.startsWith('{{') ? '.+' : literal(part);
    })
    .join('');
  return new RegExp(`^${pattern}$`);
}

describe('deploy/prometheus/alerts.test.yml, which promtool runs', () => {
  it('expects of each alert the labels and annotations that its rule has', () => {
    const alerts = expectations.flatMap(({ alertname, exp_alerts = [] }) =>
      exp_alerts.map((alert) => ({ alertname, ...alert })),
    );
    expect(alerts.length).toBeGreaterThan(1);
    for (const { alertname, exp_labels, exp_annotations } of alerts) {
      const rule = rules.find(({ alert }) => alert === alertname);
      expect(exp_labels, alertname).toMatchObject(rule?.labels ?? {});
      expect(Object.keys(exp_annotations).sort(), alertname).toEqual(Object.keys(rule?.annotations ?? {}).sort());
      for (const [name, text] of Object.entries(exp_annotations))
        expect(text, `${alertname} ${name}`).toMatch(rendered(rule?.annotations[name] ?? '', exp_labels));
    }
  });

  it('expects every alert to be silent once and to fire once, and no other', () => {
    const silent = expectations.filter(({ exp_alerts }) => exp_alerts === undefined).map(({ alertname }) => alertname);
    const counted = tests
      .flatMap(({ promql_expr_test = [] }) => promql_expr_test)
      .flatMap(({ exp_samples }) => exp_samples.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1] ?? labels));
    const fired = expectations.filter(({ exp_alerts }) => exp_alerts !== undefined).map(({ alertname }) => alertname);
    expect([...new Set(silent)].sort()).toEqual([...names].sort());
    expect([...new Set([...counted, ...fired])].sort()).toEqual([...names].sort());
  });
});

describe('every alert', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s leads to a section of the runbooks', (_, rule) => {
    const [file = '', anchor = ''] = (rule.annotations.runbook ?? '').split('#');
    expect(anchorsOf(readPage(file))).toContain(anchor);
  });
});
