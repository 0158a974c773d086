import { z } from 'zod';
import { timestamp } from '../../http/schema.js';

export const createSourceBody = z
  .strictObject({
    name: z.string().min(1).max(200),
    secret: z
      .string()
      .regex(/^[\x21-\x7e]{16,255}$/, 'must be 16 to 255 visible ASCII characters')
      .optional()
      .meta({ description: 'Write-only: what its events are signed with. Without one, we make it.' }),
  })
  .meta({ id: 'SourceCreate' });

export const sourceSchema = z
  .object({
    id: z.string(),
    org_id: z.string(),
    name: z.string(),
    url: z.string().meta({ description: 'Where it sends its signed events.' }),
    created_at: timestamp,
  })
  .meta({ id: 'Source' });

export const createdSourceSchema = sourceSchema
  .extend({ secret: z.string().optional().meta({ description: 'Shown this once, and only when we made it.' }) })
  .meta({ id: 'SourceCreated' });
