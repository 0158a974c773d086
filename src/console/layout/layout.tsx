import { renderToString } from 'preact-render-to-string';
import type { ComponentChildren, VNode } from 'preact';
import type { Permission } from '../../http/caller.js';
import type { AssetUrl } from '../assets/assets.js';
import { PostForm } from '../forms/post-form.js';
import { CheckList } from '../parts/badge.js';
import { CopyButton } from '../parts/copy.js';
import type { Flash, Session } from '../session/sessions.js';
import { Document } from './document.js';
import { KeysDialog } from './keys.js';
import { Navigation } from './navigation.js';

interface FrameProps {
  session: Session;
  path: string;
  can: (permission: Permission) => boolean;
}

interface PageProps extends FrameProps {
  title: string;
  body: VNode;
  flash: Flash | null;
  wide: boolean;
}

export type Layout = ReturnType<typeof createLayout>;

/** Renders pages to HTML, inside the frame with the navigation. */
export function createLayout({ asset }: { asset: AssetUrl }) {
  const html = (title: string, body: VNode) =>
    `<!doctype html>${renderToString(
      <Document title={title} asset={asset}>
        {body}
      </Document>,
    )}`;

  const framed = ({ session, path, can }: FrameProps, title: string, children: ComponentChildren, wide = false) =>
    html(
      title,
      <div class="frame">
        <a class="skip" href="#main">
          Skip to content
        </a>
        <Navigation session={session} path={path} can={can} />
        <main id="main" tabindex={-1} class={wide ? 'wide' : undefined}>
          {children}
        </main>
        <KeysDialog />
      </div>,
    );

  return {
    page({ title, body, flash, wide, ...frame }: PageProps) {
      const children = (
        <>
          {flash && <FlashMessage flash={flash} />}
          {body}
        </>
      );
      return framed(frame, title, children, wide);
    },

    problem({ status, detail, ...frame }: FrameProps & { status: number; detail: string }) {
      const title = status === 404 ? 'Not found' : status === 403 ? 'Not allowed' : 'This did not work';
      return framed(
        frame,
        title,
        <section class="empty">
          <h1>{title}</h1>
          <p>{detail}</p>
        </section>,
      );
    },

    /** For an administrator who opens an object of another org. @param props.returnTo the object's path */
    otherOrg: ({ org, returnTo, ...frame }: FrameProps & { org: string; returnTo: string }) =>
      framed(frame, `This belongs to ${org}`, <OtherOrg session={frame.session} ownerOrg={org} returnTo={returnTo} />),

    /** A page without a session: the login page. */
    bare: (title: string, body: VNode) =>
      html(
        title,
        <main id="main" class="bare">
          {body}
        </main>,
      ),
  };
}

function FlashMessage({ flash: { notice, secret, checks } }: { flash: Flash }) {
  return (
    <div class="flash" role="status">
      {notice && <p>{notice}</p>}
      {checks && <CheckList checks={checks} />}
      {secret && (
        <div class="secret">
          <p>
            <strong>{secret.label}</strong> It is shown only this once. Copy it now.
          </p>
          <p class="copyable">
            <code data-secret>{secret.value}</code> <CopyButton text={secret.value} label={secret.label} />
          </p>
        </div>
      )}
    </div>
  );
}

interface OtherOrgProps {
  session: Pick<Session, 'formToken' | 'orgId'>;
  ownerOrg: string;
  returnTo: string;
}

/** Following a link must not switch the org by itself, so the administrator is asked. */
const OtherOrg = ({ session, ownerOrg, returnTo }: OtherOrgProps) => (
  <section class="empty">
    <h1>{`This belongs to ${ownerOrg}`}</h1>
    <p>{session.orgId === null ? 'You have not chosen an org yet.' : `You are looking at ${session.orgId} now.`}</p>
    <PostForm session={session} action="/orgs/choose">
      <input type="hidden" name="org" value={ownerOrg} />
      <input type="hidden" name="next" value={returnTo} />
      <button class="primary">{`Go to ${ownerOrg} and open it`}</button>
    </PostForm>
  </section>
);
