import type { ComponentChildren } from 'preact';
import { FormToken } from './form-token.js';
import type { Session } from '../session/sessions.js';

interface DangerousProps {
  session: Pick<Session, 'formToken'>;
  /** Where it posts to. */
  action: string;
  /** What opens it: `Delete…`. */
  ask: string;
  /** The button that does it: `Delete the endpoint`. */
  confirm: string;
  /** What will be so afterwards, and cannot be undone. */
  children: ComponentChildren;
}

/** What cannot be undone: quiet until it is asked for, then it says what it does before it does it. Works without a script. */
export const Dangerous = ({ session, action, ask, confirm, children }: DangerousProps) => (
  <details class="dangerous">
    <summary>{ask}</summary>
    <form method="post" action={action}>
      <FormToken session={session} />
      <p>{children}</p>
      <button class="danger">{confirm}</button>
    </form>
  </details>
);
