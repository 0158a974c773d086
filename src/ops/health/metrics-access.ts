import { createHash, timingSafeEqual } from 'node:crypto';
import { forbidden, unauthorized } from '../../http/problem.js';

interface MetricsCall {
  header: (name: string) => string | undefined;
  remoteAddress: string;
}

/**
 * Lets a scraper in: by METRICS_TOKEN when there is one, else from this machine only.
 * @throws Problem 401 for a wrong token, 403 from elsewhere
 */
export function checkMetricsAccess(token: string | undefined, { header, remoteAddress }: MetricsCall): void {
  if (token !== undefined) {
    const sent = /^Bearer +(\S.*)$/i.exec(header('authorization') ?? '')?.[1] ?? '';
    if (!timingSafeEqual(sha256(sent), sha256(token))) throw unauthorized('Metrics need the METRICS_TOKEN.');
    return;
  }
  // A proxy on this machine is a loopback peer too, but it forwards for others.
  const forwarded = header('x-forwarded-for') !== undefined || header('forwarded') !== undefined;
  if (forwarded || !isLoopback(remoteAddress)) {
    throw forbidden('Without a METRICS_TOKEN, metrics are for this machine only.');
  }
}

const isLoopback = (address: string) => address === '::1' || address.startsWith('127.');

const sha256 = (text: string) => createHash('sha256').update(text).digest();
