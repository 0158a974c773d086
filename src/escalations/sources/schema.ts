import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pageOf } from '../../http/paging.js';
import { createdAt, orgIdField } from '../../http/schema.js';

export const createSourceBody = z
  .strictObject({
    name: z.string().min(1).max(200).meta({ description: 'The name, for people.' }),
    secret: z
      .string()
      .regex(/^[\x21-\x7e]{16,255}$/, 'must be 16 to 255 visible ASCII characters')
      .optional()
      .meta({ description: 'The secret that signs its events. Write-only. Without one, Drawbridge makes it.' }),
  })
  .meta({ id: 'SourceCreate', description: 'A new source.' });

export const sourceSchema = z
  .object({
    id: z.string().meta({ description: 'The id of the source.' }),
    org_id: orgIdField,
    name: z.string().meta({ description: 'The name, for people.' }),
    url: z.string().meta({ description: 'Where the source posts its signed events.' }),
    created_at: createdAt,
  })
  .meta({ id: 'Source', description: 'A governance product elsewhere whose queue stays the source of truth.' });

export const sourceListSchema = pageOf(sourceSchema, 'SourceList');

export const sourceExample: z.input<typeof sourceSchema> = {
  id: example.source,
  org_id: example.org,
  name: 'Keeptrusts EU',
  url: `https://drawbridge.example.com/api/v1/webhooks/sources/${example.source}`,
  created_at: example.at,
};

export const createdSourceSchema = sourceSchema
  .extend({
    secret: z
      .string()
      .optional()
      .meta({ description: 'The secret. It is shown only here, and only when Drawbridge made it.' }),
  })
  .meta({ id: 'SourceCreated', description: 'A new source, with its secret.' });
