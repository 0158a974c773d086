import { PassThrough } from 'node:stream';
import Router from '@koa/router';
import { renderToString } from 'preact-render-to-string';
import getRawBody from 'raw-body';
import { forbidden, payloadTooLarge, Problem } from '../http/problem.js';
import type { HttpContext, HttpMiddleware, RequestState } from '../http/state.js';
import { isAllowed, type Permission } from '../http/caller.js';
import { formOf } from './form.js';
import type { Layout } from './layout/layout.js';
import type { PageReply, PageRequest, PageSpec } from './page.js';
import type { SessionCookie } from './session/cookie.js';
import { requireSameOrigin } from './session/same-origin.js';
import type { Session, Sessions } from './session/sessions.js';

export interface ConsoleRouterDeps {
  pages: readonly PageSpec[];
  sessions: Sessions;
  cookie: SessionCookie;
  layout: Layout;
  publicUrl: string;
}

const mostFormBytes = 512 * 1024;

/** What each page runs through: a session, its org, its permission; a form's origin and token. */
export function createConsoleRouter(deps: ConsoleRouterDeps): HttpMiddleware {
  const { pages, sessions, cookie, layout, publicUrl } = deps;
  const router = new Router<RequestState>({ sensitive: true });
  for (const page of pages) {
    const path = page.path.replace(/\{(\w+)\}/g, ':$1');
    router[page.method](path, async (ctx) => serve(page, ctx as unknown as HttpContext));
  }

  async function serve(page: PageSpec, ctx: HttpContext): Promise<void> {
    const session = await sessions.find(cookie.read(ctx));
    if (!session) {
      askToSignIn(ctx, page);
      return;
    }
    try {
      const request = await requestOf(page, session, ctx);
      if (!request) {
        if (await offerItsOrg(page, session, ctx)) return;
        send(ctx, { kind: 'redirect', to: `/orgs?next=${encodeURIComponent(ctx.path)}` });
        return;
      }
      if (!request.can(page.access)) throw forbidden(`This needs a key with the permission ${page.access}.`);
      await answer(ctx, session, request, await page.handler(request));
    } catch (error) {
      if (error instanceof Problem && error.status === 404 && (await offerItsOrg(page, session, ctx))) return;
      answerProblem(ctx, session, error);
    }
  }

  /** To an administrator alone: to anybody else what is another org's does not exist. @returns whether it was answered */
  async function offerItsOrg({ method, ownerOf }: PageSpec, session: Session, ctx: HttpContext): Promise<boolean> {
    if (method !== 'get' || !ownerOf || session.caller.kind !== 'admin') return false;
    const org = await ownerOf(paramsOf(ctx));
    if (org === null || org === session.orgId) return false;
    sendHtml(ctx, layout.otherOrg({ session, path: ctx.path, can: () => true, org, next: ctx.originalUrl }), 200);
    return true;
  }

  /** A form that comes without a session was typed while it ended: the page it stands on is where to go on. */
  function askToSignIn(ctx: HttpContext, page: PageSpec): void {
    const next = page.method === 'get' ? ctx.originalUrl : '/';
    const to = `/login?next=${encodeURIComponent(next)}`;
    if (ctx.get('HX-Request') === 'true') {
      ctx.status = 204;
      ctx.set('HX-Redirect', to);
    } else send(ctx, { kind: 'redirect', to });
  }

  async function requestOf(page: PageSpec, session: Session, ctx: HttpContext): Promise<PageRequest | null> {
    const form = formOf(page.method === 'post' ? await readForm(ctx, session) : new URLSearchParams());
    if (session.orgId === null && !page.withoutOrg) return null;
    return {
      session,
      org: session.orgId ?? '',
      params: paramsOf(ctx),
      query: new URLSearchParams(ctx.querystring),
      form,
      can: (permission) => mayDo(session, permission),
      part: ctx.get('HX-Request') === 'true' && ctx.get('HX-Boosted') !== 'true' ? ctx.get('HX-Target') : null,
      requestId: ctx.state.requestId,
      header: (name) => ctx.req.headers[name.toLowerCase()]?.toString(),
    };
  }

  async function readForm(ctx: HttpContext, session: Session): Promise<URLSearchParams> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const form = await readUrlencoded(ctx);
    if (!sessions.isFormToken(session, form.get('_token') ?? '')) {
      throw forbidden('This form is of another session. Open the page again and send it once more.');
    }
    return form;
  }

  async function answer(ctx: HttpContext, session: Session, request: PageRequest, reply: PageReply): Promise<void> {
    if (reply.kind === 'redirect' && reply.flash) await sessions.leaveFlash(session, reply.flash);
    if (reply.kind === 'page') {
      const flash = await sessions.takeFlash(session);
      const { title, body, status = 200, wide = false } = reply;
      sendHtml(ctx, layout.page({ session, path: ctx.path, title, body, flash, wide, can: request.can }), status);
    } else send(ctx, reply);
  }

  function answerProblem(ctx: HttpContext, session: Session, error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    const { status, detail } = error;
    const can = (permission: Permission) => mayDo(session, permission);
    const body = layout.problem({ session, path: ctx.path, status, detail, can });
    // A whole page, also where htmx had a part of one in mind.
    if (ctx.get('HX-Request') === 'true') ctx.set({ 'HX-Retarget': 'body', 'HX-Reswap': 'innerHTML' });
    sendHtml(ctx, body, status);
  }

  return router.routes() as HttpMiddleware;
}

const paramsOf = (ctx: HttpContext) => (ctx as unknown as { params: Record<string, string> }).params;

const mayDo = ({ caller }: Session, permission: Permission): boolean =>
  caller.kind === 'admin' || isAllowed(caller.permissions, [permission]);

export async function readUrlencoded(ctx: HttpContext): Promise<URLSearchParams> {
  const length = ctx.req.headers['content-length'] ?? null;
  if (Number(length) > mostFormBytes) throw payloadTooLarge(mostFormBytes);
  const body = await getRawBody(ctx.req, { length, limit: mostFormBytes });
  return new URLSearchParams(body.toString('utf8'));
}

/**
 * Never compressed: a page holds the form token and repeats what was searched for, and its packed length would tell the one by the
 * other (BREACH). It would not begin to arrive sooner either.
 */
export function sendHtml(ctx: HttpContext, html: string, status: number): void {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = html;
}

function send(ctx: HttpContext, reply: Exclude<PageReply, { kind: 'page' }>): void {
  switch (reply.kind) {
    case 'part':
      sendHtml(ctx, renderToString(reply.body), reply.status ?? 200);
      return;
    case 'redirect':
      ctx.status = 303;
      ctx.set('Location', reply.to);
      return;
    case 'events':
      sendEvents(ctx, reply.events);
  }
}

/** One event after another, with a comment now and then so that nothing in between gives the connection up. */
function sendEvents(ctx: HttpContext, events: AsyncIterable<{ event: string; data: string }>): void {
  const stream = new PassThrough();
  ctx.status = 200;
  ctx.type = 'text/event-stream';
  ctx.set('X-Accel-Buffering', 'no');
  ctx.body = stream;
  const iterator = events[Symbol.asyncIterator]();
  const beat = setInterval(() => stream.write(': still here\n\n'), 15_000);
  const stop = () => {
    clearInterval(beat);
    void iterator.return?.();
    stream.end();
  };
  ctx.res.once('close', stop);
  stream.write(': hello\n\n');
  const pump = async () => {
    for (;;) {
      const next = await iterator.next();
      if (next.done || stream.destroyed) break;
      stream.write(`event: ${next.value.event}\ndata: ${next.value.data.replaceAll('\n', ' ')}\n\n`);
    }
  };
  pump()
    .catch(() => undefined)
    .finally(stop);
}
