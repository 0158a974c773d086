import { randomBytes } from 'node:crypto';
import type { Api } from './http.js';

/** A fresh org, made with the admin key. @returns its id and base path */
export async function makeOrg(admin: Api): Promise<{ id: string; path: string }> {
  const id = `org-${randomBytes(4).toString('hex')}`;
  const made = await admin.post('/orgs', { id, name: 'Test' });
  if (made.status !== 201) throw new Error(`No org: ${JSON.stringify(made.body)}`);
  return { id, path: `/orgs/${id}` };
}

/** A fresh evidence request. @returns its id and its path below `/api/v1` */
export async function makeEvidenceRequest(
  admin: Api,
  orgPath: string,
  fields: Record<string, unknown> = {},
): Promise<{ id: string; path: string }> {
  const made = await admin.post(`${orgPath}/evidence-requests`, {
    title: 'Access logs',
    description: 'Of May',
    ...fields,
  });
  if (made.status !== 201) throw new Error(`No evidence request: ${JSON.stringify(made.body)}`);
  const { id } = made.body as { id: string };
  return { id, path: `${orgPath}/evidence-requests/${id}` };
}
