import type { z } from 'zod';
import type { WorkflowAddress } from '../../workflows/contracts/workflow-ids.js';
import { RawJson } from '../lib/json/index.js';
import type { Link } from '../tickets/links/schema.js';
import type { EscalationDoc, HistoryEntry } from './model.js';
import { reviewUrlOf } from './review-url.js';
import type { escalationSchema } from './schema.js';

/** What is read of an escalation to show it; the rest is for the machinery. */
export type ShownEscalation = Omit<
  EscalationDoc,
  'words' | 'dedupe_key' | 'last_seq' | 'applied_seq' | 'ring_after' | 'rings' | 'acknowledged_at'
>;

export type PresentedEscalation = z.infer<typeof escalationSchema>;

/** What an escalation's answer holds that does not stand in its document. */
export interface Surroundings {
  /** Without a trailing slash. */
  publicUrl: string;
  workflow: WorkflowAddress;
  /** Its link as the tickets folder presents it. */
  ticket: Link | null;
}

/** An escalation as callers see it; only what is named here leaves. */
export function presentEscalation(
  escalation: ShownEscalation,
  { publicUrl, workflow, ticket }: Surroundings,
): PresentedEscalation {
  const { gateway, actor, policy, terms } = escalation;
  return {
    id: escalation._id,
    org_id: escalation.org_id,
    kind: escalation.kind,
    status: escalation.status,
    severity: escalation.severity,
    title: escalation.title,
    reason: escalation.reason,
    gateway: gateway && { id: gateway.id, name: gateway.name, environment: gateway.environment },
    actor: actor && { id: actor.id, name: actor.name, email: actor.email, type: actor.type },
    context: escalation.context === null ? null : new RawJson(escalation.context),
    policy: policy && { id: policy.id, name: policy.name },
    event_id: escalation.event_id,
    source_id: escalation.source_id,
    claimed_by: personOf(escalation.claimed_by),
    claimed_at: timeOf(escalation.claimed_at),
    resolution: escalation.resolution,
    resolved_by: personOf(escalation.resolved_by),
    resolved_at: timeOf(escalation.resolved_at),
    notes: escalation.history.flatMap(noteOf),
    sla: {
      acknowledge_due_at: timeOf(terms.acknowledge_due_at),
      resolve_due_at: timeOf(terms.resolve_due_at),
      breached: escalation.breached,
    },
    review_url: reviewUrlOf(escalation, publicUrl),
    ticket,
    workflow,
    created_at: escalation.created_at.toISOString(),
    updated_at: escalation.updated_at.toISOString(),
  };
}

/** The data of `escalation.created` and `escalation.resolved`. @param mappedSeverity in the tracker's terms */
export function eventDataOf<M>({ notes: _, ...escalation }: PresentedEscalation, mappedSeverity: M) {
  return { ...escalation, mapped_severity: mappedSeverity };
}

/** What was said with the resolution is a note too. */
function noteOf({ kind, by, text, at }: HistoryEntry): PresentedEscalation['notes'] {
  const isNote = (kind === 'noted' || kind === 'resolved') && by !== null && text !== null;
  return isNote ? [{ author: { id: by.id, name: by.name, via: by.via }, body: text, at: at.toISOString() }] : [];
}

const personOf = (person: EscalationDoc['claimed_by']) =>
  person && { id: person.id, name: person.name, via: person.via };

const timeOf = (time: Date | null) => time?.toISOString() ?? null;
