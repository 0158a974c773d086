import { renderToString } from 'preact-render-to-string';
import type { ComponentChildren, VNode } from 'preact';
import type { Permission } from '../../http/caller.js';
import type { AssetUrl } from '../assets/assets.js';
import { OtherOrg } from '../orgs/other-org.js';
import type { Flash, Session } from '../session/sessions.js';
import { Document } from './document.js';
import { FlashMessage } from './flash.js';
import { KeysDialog } from './keys.js';
import { Navigation } from './navigation.js';

interface InLayout {
  session: Session;
  path: string;
  can: (permission: Permission) => boolean;
}

export type Layout = ReturnType<typeof createLayout>;

/** Puts pages into the frame that all of them share. */
export function createLayout({ asset }: { asset: AssetUrl }) {
  const html = (title: string, body: VNode) =>
    `<!doctype html>${renderToString(
      <Document title={title} asset={asset}>
        {body}
      </Document>,
    )}`;

  const framed = ({ session, path, can }: InLayout, title: string, children: ComponentChildren, wide = false) =>
    html(
      title,
      <div class="frame">
        <a class="skip" href="#main">
          Skip to the page
        </a>
        <Navigation session={session} path={path} can={can} />
        <main id="main" tabindex={-1} class={wide ? 'wide' : undefined}>
          {children}
        </main>
        <KeysDialog />
      </div>,
    );

  return {
    page: ({
      title,
      body,
      flash,
      wide,
      ...frame
    }: InLayout & { title: string; body: VNode; flash: Flash | null; wide: boolean }) =>
      framed(
        frame,
        title,
        <>
          {flash && <FlashMessage flash={flash} />}
          {body}
        </>,
        wide,
      ),

    problem: ({ status, detail, ...frame }: InLayout & { status: number; detail: string }) => {
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

    /** What is another org's, to an administrator who has chosen one. */
    otherOrg: ({ org, next, ...frame }: InLayout & { org: string; next: string }) =>
      framed(frame, `This belongs to ${org}`, <OtherOrg session={frame.session} org={org} next={next} />),

    /** Without a session: signing in. */
    bare: (title: string, body: VNode) =>
      html(
        title,
        <main id="main" class="bare">
          {body}
        </main>,
      ),
  };
}
