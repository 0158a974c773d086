import type { Model } from 'mongoose';
import { clip, linkUrl, oneLine, shown } from '../lib/display-text.js';
import type { SubjectSnapshot, SubjectSource } from '../tickets/subject.js';
import { escapeLine, quote } from './markdown.js';
import type { EscalationDoc } from './model.js';
import { reviewUrlOf } from './review-url.js';

/** What a ticket is made from; the interaction's own context stays here. */
type Described = Omit<EscalationDoc, 'context' | 'history' | 'words'>;

/** In UTF-16 units. */
const maxLengths = { title: 500, fact: 200, reason: 32_000, description: 32_000 };

/** What tickets need of escalations. @param publicUrl without a trailing slash */
export function escalationSubject(escalations: Model<EscalationDoc>, publicUrl: string): SubjectSource {
  return {
    label: 'escalation',
    statuses: null,
    async exists(orgId, id) {
      return (await escalations.exists({ _id: id, org_id: orgId })) !== null;
    },
    async snapshot(orgId, id) {
      const escalation = await escalations
        .findOne({ _id: id, org_id: orgId }, { context: 0, history: 0, words: 0 })
        .lean<Described | null>();
      return escalation && snapshotOf(escalation, reviewUrlOf(escalation, publicUrl));
    },
    // A tracker's status shows on the link, and decides nothing here.
    applyStatus: () => Promise.resolve(),
  };
}

function snapshotOf(escalation: Described, url: string): SubjectSnapshot {
  const { _id: id, severity, reason } = escalation;
  const about = {
    gateway: gatewayOf(escalation),
    actor: actorOf(escalation),
    policy: shown(escalation.policy?.name),
  };
  return {
    title: clip(oneLine(escalation.title), maxLengths.title) || `Escalation ${id}`,
    description: describe(escalation, about, url),
    url,
    severity,
    mappedSeverity: escalation.terms.mapped_severity,
    connectionId: escalation.terms.connection_id,
    metadata: {
      subject_type: 'escalation',
      subject_id: id,
      severity,
      ...about,
      reason: reason && clip(reason, maxLengths.reason),
    },
  };
}

interface About {
  gateway: string | null;
  actor: string | null;
  policy: string | null;
}

/** Markdown that also reads well as plain text. The reason comes last: it alone may be too long. */
function describe({ kind, severity, reason }: Described, { gateway, actor, policy }: About, url: string): string {
  const facts = [
    ['Severity', severity],
    ['Gateway', gateway],
    ['Actor', actor],
    ['Policy', policy],
  ].flatMap(([label, value]) => (value ? [`- ${label}: ${escapeLine(clip(value, maxLengths.fact))}`] : []));
  // In angle brackets nothing of an address is read as Markdown.
  const link = linkUrl(url);
  const head = [
    `This escalation waits for ${kind === 'approval' ? 'an approval' : 'a review'}. It is decided on its review page; closing this ticket decides nothing.`,
    `Review: ${link ? `<${link}>` : escapeLine(clip(url, maxLengths.fact))}`,
    facts.join('\n'),
  ].join('\n\n');
  if (!reason) return head;
  const beforeReason = `${head}\n\nReason:\n\n`;
  return beforeReason + quote(reason, maxLengths.description - beforeReason.length);
}

function gatewayOf({ gateway }: Described): string | null {
  const name = shown(gateway?.name) ?? shown(gateway?.id);
  const environment = shown(gateway?.environment);
  return name && environment ? `${name} (${environment})` : (name ?? environment);
}

const actorOf = ({ actor }: Described): string | null => shown(actor?.name) ?? shown(actor?.email) ?? shown(actor?.id);
