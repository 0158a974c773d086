import type { Config } from '../../src/config/index.js';
import type { Progress } from '../binaries/progress.js';
import { reasonOf } from '../files.js';

/** Somebody else's server: nothing is changed but search attributes that are missing, and it may refuse that, or be down for now. */
export async function prepareExternal({ temporal }: Config, progress: Progress): Promise<void> {
  const { tls, apiKey, address, namespace } = temporal;
  try {
    const { prepareNamespace } = await import('../stack/namespace.js');
    const added = await prepareNamespace(address, namespace, {
      retentionDays: null,
      deadlineMs: 15_000,
      connection: {
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(tls === undefined ? {} : { tls: connectionTls(tls) }),
      },
    });
    if (added.length > 0) progress.line(`Temporal: registered the search attributes ${added.join(', ')}.`);
  } catch (error) {
    progress.line(
      `Temporal at ${address}: ${reasonOf(error)} Going on without; workflows need these search attributes.`,
    );
  }
}

function connectionTls({ ca, cert, key, serverName }: NonNullable<Config['temporal']['tls']>) {
  return {
    ...(ca ? { serverRootCACertificate: ca } : {}),
    ...(cert && key ? { clientCertPair: { crt: cert, key } } : {}),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  };
}
