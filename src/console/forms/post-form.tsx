import type { ComponentChildren } from 'preact';
import type { Session } from '../session/sessions.js';

type FormSession = Pick<Session, 'formToken'>;

/** Proves that the form comes from a page of this session. */
export const FormToken = ({ session }: { session: FormSession }) => (
  <input type="hidden" name="_token" value={session.formToken} />
);

interface PostFormProps {
  session: FormSession;
  action: string;
  class?: string;
  /** htmx posts the form and swaps in the answer; other browsers load a new page. `none`: the answer names its own targets. */
  inPlace?: { target: string; swap: 'outerHTML' | 'innerHTML' } | { swap: 'none' };
  'hx-disabled-elt'?: string;
  'hx-sync'?: string;
  children: ComponentChildren;
}

/** A form that is posted, with its token; it works without a script. */
export function PostForm({ session, action, inPlace, children, ...attributes }: PostFormProps) {
  const htmx = inPlace && {
    'hx-post': action,
    'hx-target': 'target' in inPlace ? inPlace.target : undefined,
    'hx-swap': inPlace.swap,
  };
  return (
    <form method="post" action={action} {...htmx} {...attributes}>
      <FormToken session={session} />
      {children}
    </form>
  );
}

interface DangerousProps {
  session: FormSession;
  action: string;
  /** The text that opens the confirmation: `Delete…`. */
  ask: string;
  /** The button: `Delete the endpoint`. */
  confirm: string;
  /** The consequences, which can't be undone. */
  children: ComponentChildren;
}

/** An action that can't be undone: folded away until it is asked for, with its consequences above the button. */
export const Dangerous = ({ session, action, ask, confirm, children }: DangerousProps) => (
  <details class="dangerous">
    <summary>{ask}</summary>
    <PostForm session={session} action={action}>
      <p>{children}</p>
      <button class="danger">{confirm}</button>
    </PostForm>
  </details>
);
