import { createConnection } from 'mongoose';
import { loadConfig } from '../../src/config/index.js';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { createLogger } from '../../src/observability/logger.js';
import { featureRoutes } from '../../src/routes.js';
import { createServices } from '../../src/services.js';
import { table } from './markdown.js';

const publicUrl = 'http://localhost:8080';
/** Enough for a configuration; nothing is connected. */
const environment = {
  MONGODB_URI: 'mongodb://localhost/drawbridge',
  TEMPORAL_ADDRESS: 'localhost:7233',
  ADMIN_API_KEY: 'unused-unused-unused-unused',
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
  PUBLIC_URL: publicUrl,
};

interface Operation {
  operationId?: string;
  tags?: string[];
  summary?: string;
}

/** Every operation with its summary, a table for each tag, in the order of the OpenAPI document. */
export function operationsText(): string {
  const config = loadConfig(environment);
  const services = createServices(config, createConnection(), { logger: createLogger('silent'), identity: 'docs' });
  const { paths = {} } = createOpenApiDocument(featureRoutes(services, config), { publicUrl });
  const rows = new Map<string, string[][]>();
  for (const [path, item] of Object.entries(paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation: Operation | undefined = item[method];
      if (!operation) continue;
      const [tag = 'Other'] = operation.tags ?? [];
      const name = `\`${method.toUpperCase()} ${path.replace(/^\/api\/v1/, '')}\``;
      const { operationId = '', summary = '' } = operation;
      rows.set(tag, [...(rows.get(tag) ?? []), [name, `\`${operationId}\``, summary]]);
    }
  }
  return [...rows]
    .map(([tag, entries]) => `### ${tag}\n\n${table(['operation', 'name', 'summary'], entries)}`)
    .join('\n\n');
}
