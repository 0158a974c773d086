import { PassThrough } from 'node:stream';
import Router from '@koa/router';
import { renderToString } from 'preact-render-to-string';
import getRawBody from 'raw-body';
import type { AuditTrail, AuditResult } from '../http/audit.js';
import { forbidden, payloadTooLarge, Problem } from '../http/problem.js';
import type { HttpContext, HttpMiddleware, RequestState } from '../http/state.js';
import { isAllowed, type Permission } from '../http/caller.js';
import { postedForm } from './forms/form.js';
import type { Layout } from './layout/layout.js';
import type { PageReply, PageRequest, PageSpec } from './page.js';
import { requireSameOrigin } from './session/origin.js';
import type { Session, Sessions } from './session/sessions.js';
import type { SessionCookie } from './session/token.js';

export interface ConsoleRouterDeps {
  pages: readonly PageSpec[];
  sessions: Sessions;
  cookie: SessionCookie;
  layout: Layout;
  publicUrl: string;
  auditTrail: AuditTrail;
}

const maxFormBytes = 512 * 1024;

/** Serves the pages. Each request needs a session, an org and the page's permission; a POST also the origin and the form token. */
export function createConsoleRouter(deps: ConsoleRouterDeps): HttpMiddleware {
  const { pages, sessions, cookie, layout, publicUrl, auditTrail } = deps;
  const router = new Router<RequestState>({ sensitive: true });
  for (const page of pages) {
    const path = page.path.replace(/\{(\w+)\}/g, ':$1');
    router[page.method](path, async (ctx) => serve(page, ctx as unknown as HttpContext));
  }

  async function serve(page: PageSpec, ctx: HttpContext): Promise<void> {
    const session = await sessions.find(cookie.read(ctx));
    if (!session) {
      redirectToLogin(ctx, page);
      return;
    }
    try {
      const request = await requestOf(page, session, ctx);
      if (!request) {
        if (await offerOrgSwitch(page, session, ctx)) return;
        send(ctx, { kind: 'redirect', to: `/orgs?next=${encodeURIComponent(ctx.path)}` });
        return;
      }
      if (!request.can(page.access)) throw forbidden(`This page needs a key with the permission ${page.access}.`);
      await answer(ctx, session, request, await recorded(page, request, ctx));
    } catch (error) {
      if (error instanceof Problem && error.status === 404 && (await offerOrgSwitch(page, session, ctx))) return;
      answerProblem(ctx, session, error);
    }
  }

  /** Puts on record what a form changes. A page that shows the form again, with a status from 400 on, has changed nothing. */
  function recorded(page: PageSpec, request: PageRequest, ctx: HttpContext): Promise<PageReply> {
    const { audit: rule } = page;
    if (rule === undefined || 'none' in rule) return page.handler(request);
    const { session, org, params } = request;
    const call = {
      ...{ orgId: session.orgId, caller: session.caller, rule, params: { org, ...params } },
      source: auditSourceOf(ctx, session.id),
      requested: request.form.names(),
    };
    return auditTrail.run(call, () => page.handler(request), auditOutcomeOf);
  }

  /**
   * Offers an administrator to switch to the org that owns the page's object. For everybody else, other orgs' objects don't exist.
   * @returns whether the request was answered
   */
  async function offerOrgSwitch({ method, ownerOf }: PageSpec, session: Session, ctx: HttpContext): Promise<boolean> {
    if (method !== 'get' || !ownerOf || session.caller.kind !== 'admin') return false;
    const org = await ownerOf(paramsOf(ctx));
    if (org === null || org === session.orgId) return false;
    sendHtml(ctx, layout.otherOrg({ session, path: ctx.path, can: () => true, org, returnTo: ctx.originalUrl }), 200);
    return true;
  }

  /** After signing in, a GET continues at the page. A POST, whose session ended while the form was open, continues at the start page. */
  function redirectToLogin(ctx: HttpContext, page: PageSpec): void {
    const returnTo = page.method === 'get' ? ctx.originalUrl : '/';
    const to = `/login?next=${encodeURIComponent(returnTo)}`;
    if (ctx.get('HX-Request') === 'true') {
      ctx.status = 204;
      ctx.set('HX-Redirect', to);
    } else send(ctx, { kind: 'redirect', to });
  }

  async function requestOf(page: PageSpec, session: Session, ctx: HttpContext): Promise<PageRequest | null> {
    const form = postedForm(page.method === 'post' ? await readForm(ctx, session) : new URLSearchParams());
    if (session.orgId === null && !page.withoutOrg) return null;
    return {
      session,
      org: session.orgId ?? '',
      params: paramsOf(ctx),
      query: new URLSearchParams(ctx.querystring),
      form,
      can: (permission) => hasPermission(session, permission),
      part: ctx.get('HX-Request') === 'true' && ctx.get('HX-Boosted') !== 'true' ? ctx.get('HX-Target') : null,
    };
  }

  async function readForm(ctx: HttpContext, session: Session): Promise<URLSearchParams> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const form = await readUrlencoded(ctx);
    if (!sessions.isFormToken(session, form.get('_token') ?? '')) {
      throw forbidden('This form belongs to another session. Open the page again and resubmit the form.');
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
    const can = (permission: Permission) => hasPermission(session, permission);
    const body = layout.problem({ session, path: ctx.path, status, detail, can });
    // The answer is a whole page, even if htmx asked for a part of one.
    if (ctx.get('HX-Request') === 'true') ctx.set({ 'HX-Retarget': 'body', 'HX-Reswap': 'innerHTML' });
    sendHtml(ctx, body, status);
  }

  return router.routes() as HttpMiddleware;
}

/** @param sessionId its beginning tells sessions apart, and is of no use for anything else */
export const auditSourceOf = (ctx: HttpContext, sessionId: string | null) =>
  ({
    kind: 'console',
    address: ctx.state.remoteAddress,
    requestId: ctx.state.requestId,
    session: sessionId?.slice(0, 12) ?? null,
  }) as const;

/** After a create, the browser is led to what was created. */
function auditOutcomeOf(reply: PageReply): AuditResult {
  if (reply.kind === 'events') return { outcome: 'succeeded' };
  if (reply.kind !== 'redirect') return { outcome: (reply.status ?? 200) >= 400 ? 'refused' : 'succeeded' };
  const createdId = /\/([a-z]+_[0-9A-HJKMNP-TV-Z]{26})(?:[/?#]|$)/.exec(reply.to)?.[1];
  return { outcome: 'succeeded', createdId };
}

const paramsOf = (ctx: HttpContext) => (ctx as unknown as { params: Record<string, string> }).params;

const hasPermission = ({ caller }: Session, permission: Permission): boolean =>
  caller.kind === 'admin' || isAllowed(caller.permissions, [permission]);

export async function readUrlencoded(ctx: HttpContext): Promise<URLSearchParams> {
  const length = ctx.req.headers['content-length'] ?? null;
  if (Number(length) > maxFormBytes) throw payloadTooLarge(maxFormBytes);
  const body = await getRawBody(ctx.req, { length, limit: maxFormBytes });
  return new URLSearchParams(body.toString('utf8'));
}

/**
 * Pages are never compressed. They hold the form token and repeat search terms, so their compressed length would leak the token
 * (BREACH). Compression would not make them arrive sooner either.
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

/** Sends a comment every 15 s, so that proxies don't close an idle connection. */
function sendEvents(ctx: HttpContext, events: AsyncIterable<{ event: string; data: string }>): void {
  const stream = new PassThrough();
  ctx.status = 200;
  ctx.type = 'text/event-stream';
  ctx.set('X-Accel-Buffering', 'no');
  ctx.body = stream;
  const iterator = events[Symbol.asyncIterator]();
  const keepAlive = setInterval(() => stream.write(': keep-alive\n\n'), 15_000);
  const stop = () => {
    clearInterval(keepAlive);
    void iterator.return?.();
    stream.end();
  };
  ctx.res.once('close', stop);
  stream.write(': connected\n\n');
  const pump = async () => {
    for (;;) {
      const result = await iterator.next();
      if (result.done || stream.destroyed) break;
      const { event, data } = result.value;
      stream.write(`event: ${event}\ndata: ${data.replaceAll('\n', ' ')}\n\n`);
    }
  };
  pump()
    .catch(() => undefined)
    .finally(stop);
}
