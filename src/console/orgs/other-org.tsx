import { FormToken } from '../parts/form-token.js';
import type { Session } from '../session/sessions.js';

interface OtherOrgProps {
  session: Pick<Session, 'formToken' | 'orgId'>;
  /** Whose it is. */
  org: string;
  /** Where it is looked at, a path of ours. */
  next: string;
}

/** For an administrator who follows a link to what is another org's. A link alone changes nothing: they are asked. */
export const OtherOrg = ({ session, org, next }: OtherOrgProps) => (
  <section class="empty">
    <h1>{`This belongs to ${org}`}</h1>
    <p>{session.orgId === null ? 'No org is chosen yet.' : `You are looking at ${session.orgId} now.`}</p>
    <form method="post" action="/orgs/choose">
      <FormToken session={session} />
      <input type="hidden" name="org" value={org} />
      <input type="hidden" name="next" value={next} />
      <button class="primary">{`Go to ${org} and open it`}</button>
    </form>
  </section>
);
