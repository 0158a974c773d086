/**
 * The responses of the API, by the schemas that the API is documented with. Only types are imported: kt loads neither
 * zod nor modules of the server.
 */
import type { z } from 'zod';
import type { escalationSchema } from '../escalations/schema.js';
import type { evidenceRequestSchema } from '../evidence-requests/schema.js';
import type { ingestedSchema } from '../events/schema.js';
import type { apiKeySchema, createdApiKeySchema, orgSchema, whoamiSchema } from '../auth/schema.js';
import type { readinessSchema } from '../integrations/setup/routes.js';
import type { addedCommentSchema, commentSchema } from '../tickets/comments/schema.js';
import type { linkSchema } from '../tickets/links/schema.js';
import type {
  deliverySchema,
  deliveryWithPayloadSchema,
  recoveredSchema,
  testResultSchema,
} from '../webhooks/deliveries/schema.js';
import type { createdEndpointSchema, endpointSchema, rotatedSecretSchema } from '../webhooks/endpoints/schema.js';

export type { Page } from '../http/paging.js';

export type Whoami = z.output<typeof whoamiSchema>;
export type Org = z.output<typeof orgSchema>;
export type ApiKey = z.output<typeof apiKeySchema>;
export type CreatedApiKey = z.output<typeof createdApiKeySchema>;
export type Readiness = z.output<typeof readinessSchema>;

export type Webhook = z.output<typeof endpointSchema>;
export type CreatedWebhook = z.output<typeof createdEndpointSchema>;
export type RotatedSecret = z.output<typeof rotatedSecretSchema>;
export type Delivery = z.output<typeof deliverySchema>;
export type DeliveryWithPayload = z.output<typeof deliveryWithPayloadSchema>;
export type Recovered = z.output<typeof recoveredSchema>;
export type TestResult = z.output<typeof testResultSchema>;

export type Ingested = z.output<typeof ingestedSchema>;
export type TicketLink = z.output<typeof linkSchema>;
export type Comment = z.output<typeof commentSchema>;
export type AddedComment = z.output<typeof addedCommentSchema>;
/** The schemas leave the link's members open; the API sends the whole link. */
export type EvidenceRequest = Omit<z.output<typeof evidenceRequestSchema>, 'ticket'> & { ticket: TicketLink | null };
export type Escalation = Omit<z.output<typeof escalationSchema>, 'ticket'> & { ticket: TicketLink | null };
