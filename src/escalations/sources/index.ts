import type { Connection } from 'mongoose';
import type { SignatureFailures } from '../../http/signature-failures.js';
import type { Audit } from '../../auth/audit/audit.js';
import { sourceInboundRoute } from './inbound/routes.js';
import { createSourceInbound, type SourceInboundDeps } from './inbound/service.js';
import { sourceModel } from './model.js';
import { sourceRoutes } from './routes.js';
import { createSourceService } from './service.js';

export interface SourcesOptions extends Omit<SourceInboundDeps, 'sources'> {
  connection: Connection;
  audit: Audit;
  publicUrl: string;
  signatureFailures: SignatureFailures;
}

/** Wires this folder. Call it before the indexes are made: it brings a model. */
export function createSources({ connection, audit, publicUrl, signatureFailures, ...inbound }: SourcesOptions) {
  const sources = sourceModel(connection);
  const { cipher, escalations } = inbound;
  const sourceService = createSourceService({ sources, escalations, cipher, audit });
  const receiver = createSourceInbound({ sources, ...inbound });
  return {
    routes: [...sourceRoutes({ sourceService, publicUrl }), sourceInboundRoute(receiver, signatureFailures)],
  };
}
