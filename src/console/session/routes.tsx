import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Problem, tooManyRequests } from '../../http/problem.js';
import { consume } from '../../http/rate-limit.js';
import type { HttpContext, HttpMiddleware } from '../../http/state.js';
import { noErrors, type FormErrors } from '../form.js';
import type { Layout } from '../layout/layout.js';
import { readUrlencoded, sendHtml } from '../router.js';
import type { SessionCookie } from './cookie.js';
import { LoginPage } from './login-page.js';
import { localPath } from './local-path.js';
import { requireSameOrigin } from './same-origin.js';
import type { Sessions } from './sessions.js';

export interface SignInDeps {
  sessions: Sessions;
  cookie: SessionCookie;
  layout: Layout;
  publicUrl: string;
  /** Wrong keys from one address in a minute; 0 for no limit. */
  failuresPerMinute: number;
}

/** `/login` and `/logout`: what works without a session. */
export function signInPages({ sessions, cookie, layout, publicUrl, failuresPerMinute }: SignInDeps): HttpMiddleware {
  const limiter = new RateLimiterMemory({ points: failuresPerMinute || 1, duration: 60 });

  const show = (ctx: HttpContext, status: number, typed: { next: string; person: string }, errors: FormErrors) =>
    sendHtml(ctx, layout.bare('Sign in', <LoginPage {...typed} errors={errors} />), status);

  async function countFailure(ctx: HttpContext): Promise<void> {
    if (failuresPerMinute === 0) return;
    const { exceeded, result } = await consume(limiter, ctx.state.remoteAddress);
    if (exceeded) throw tooManyRequests(Math.ceil(result.msBeforeNext / 1_000), 'Too many wrong keys. Wait a minute.');
  }

  async function signIn(ctx: HttpContext): Promise<void> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const form = await readUrlencoded(ctx);
    const typed = { next: localPath(form.get('next')), person: (form.get('person') ?? '').trim() };
    try {
      const value = await sessions.begin((form.get('key') ?? '').trim(), typed.person || null);
      cookie.write(ctx, value);
      ctx.status = 303;
      ctx.set('Location', typed.next);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      if (error.status === 401) await countFailure(ctx);
      const why = error.status === 403 ? 'This key is one person’s own: leave the name empty.' : error.detail;
      show(ctx, error.status, typed, { ...noErrors, summary: why });
    }
  }

  async function signOut(ctx: HttpContext): Promise<void> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const session = await sessions.find(cookie.read(ctx));
    const form = await readUrlencoded(ctx);
    if (session && sessions.isFormToken(session, form.get('_token') ?? '')) await sessions.end(session);
    cookie.clear(ctx);
    ctx.status = 303;
    ctx.set('Location', '/login');
  }

  return async (ctx, next) => {
    if (ctx.path === '/login' && ctx.method === 'GET') {
      show(ctx, 200, { next: localPath(new URLSearchParams(ctx.querystring).get('next')), person: '' }, noErrors);
    } else if (ctx.path === '/login' && ctx.method === 'POST') await signIn(ctx);
    else if (ctx.path === '/logout' && ctx.method === 'POST') await signOut(ctx);
    else await next();
  };
}
