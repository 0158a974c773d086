import type { Session } from '../session/sessions.js';

/** In every form: shows that the page it was on is this session's. */
export const FormToken = ({ session }: { session: Pick<Session, 'formToken'> }) => (
  <input type="hidden" name="_token" value={session.formToken} />
);
