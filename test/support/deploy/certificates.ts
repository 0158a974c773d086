import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Certificate {
  certFile: string;
  keyFile: string;
}

export interface CertificateAuthority {
  folder: string;
  caFile: string;
  /** A certificate of its own for servers of these names (`DNS:…`, `IP:…`), or for a client. */
  issue(name: string, alternativeNames?: string[]): Certificate;
}

/** A certificate authority of a day, made by openssl in a temporary folder. @throws Error when there is no openssl */
export function makeCertificateAuthority(name: string): CertificateAuthority {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-certificates-'));
  const file = (part: string) => path.join(folder, part);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const caFile = file('ca.pem');
  openssl('req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${name}`, '-keyout', file('ca.key'), '-out', caFile);
  return {
    folder,
    caFile,
    issue(of, alternativeNames = []) {
      const [certFile, keyFile, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) =>
        file(`${of}.${end}`),
      ) as [string, string, string, string];
      openssl('req', ...newKey, '-subj', `/CN=${of}`, '-keyout', keyFile, '-out', request);
      const names = alternativeNames.length > 0 ? `subjectAltName=${alternativeNames.join(',')}\n` : '';
      writeFileSync(extensions, `basicConstraints=CA:FALSE\n${names}`);
      const signed = ['-CA', caFile, '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '1', '-extfile', extensions];
      openssl('x509', '-req', '-in', request, ...signed, '-out', certFile);
      return { certFile, keyFile };
    },
  };
}
