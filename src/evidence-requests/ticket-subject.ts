import type { Model } from 'mongoose';
import type { SubjectSource } from '../tickets/subject.js';
import type { EvidenceRequestDoc } from './model.js';
import { evidenceStatuses } from '../integrations/evidence-status.js';

/** What tickets need of evidence requests. @param publicUrl without a trailing slash */
export function evidenceRequestSubject(evidenceRequests: Model<EvidenceRequestDoc>, publicUrl: string): SubjectSource {
  return {
    label: 'evidence request',
    statuses: evidenceStatuses,
    async exists(orgId, id) {
      return (await evidenceRequests.exists({ _id: id, org_id: orgId })) !== null;
    },
    async snapshot(orgId, id) {
      const request = await evidenceRequests.findOne({ _id: id, org_id: orgId }).lean<EvidenceRequestDoc | null>();
      if (!request) return null;
      return {
        title: request.title,
        description: request.description,
        url: `${publicUrl}/evidence-requests/${encodeURIComponent(id)}`,
        severity: null,
        mappedSeverity: null,
        connectionId: null,
        metadata: {
          subject_type: 'evidence_request',
          subject_id: id,
          severity: null,
          gateway: null,
          actor: null,
          policy: null,
          reason: null,
        },
      };
    },
    async applyStatus(orgId, id, status) {
      const known = evidenceStatuses.find((one) => one === status);
      if (known === undefined) return;
      await evidenceRequests.updateOne({ _id: id, org_id: orgId }, { $set: { status: known, updated_at: new Date() } });
    },
  };
}
