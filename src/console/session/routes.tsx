import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { Problem, tooManyRequests } from '../../http/problem.js';
import { consume } from '../../http/rate-limit.js';
import type { HttpContext, HttpMiddleware } from '../../http/state.js';
import { noErrors, type FormErrors } from '../forms/errors.js';
import type { FormValues } from '../forms/field.js';
import { postedForm } from '../forms/form.js';
import type { Layout } from '../layout/layout.js';
import { readUrlencoded, sendHtml } from '../router.js';
import { LoginPage, loginForm } from './login-page.js';
import { localPath, requireSameOrigin } from './origin.js';
import type { Sessions } from './sessions.js';
import type { SessionCookie } from './token.js';

export interface SignInDeps {
  sessions: Sessions;
  cookie: SessionCookie;
  layout: Layout;
  publicUrl: string;
  /** Wrong keys allowed per address and minute; 0 for no limit. */
  failuresPerMinute: number;
}

const credentials = z.object({ key: z.string(), person: z.string().nullable() });

/** `/login` and `/logout`, which work without a session. */
export function signInPages({ sessions, cookie, layout, publicUrl, failuresPerMinute }: SignInDeps): HttpMiddleware {
  const limiter = new RateLimiterMemory({ points: failuresPerMinute || 1, duration: 60 });

  const show = (ctx: HttpContext, status: number, returnTo: string, values: FormValues, errors: FormErrors) =>
    sendHtml(ctx, layout.bare('Sign in', <LoginPage returnTo={returnTo} values={values} errors={errors} />), status);

  async function countFailure(ctx: HttpContext): Promise<void> {
    if (failuresPerMinute === 0) return;
    const { exceeded, result } = await consume(limiter, ctx.state.remoteAddress);
    if (exceeded) throw tooManyRequests(Math.ceil(result.msBeforeNext / 1_000), 'Too many wrong keys. Wait a minute.');
  }

  async function signIn(ctx: HttpContext): Promise<void> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const posted = postedForm(await readUrlencoded(ctx));
    const values = loginForm.read(posted);
    const returnTo = localPath(posted.text('next'));
    try {
      const { key, person } = loginForm.parse(credentials, values);
      cookie.write(ctx, await sessions.begin(key, person));
      redirect(ctx, returnTo);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      if (error.status === 401) await countFailure(ctx);
      const summary = error.status === 403 ? 'This key belongs to one person. Leave the name empty.' : error.detail;
      show(ctx, error.status, returnTo, { ...values, key: '' }, { ...noErrors, summary });
    }
  }

  async function signOut(ctx: HttpContext): Promise<void> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const session = await sessions.find(cookie.read(ctx));
    const posted = postedForm(await readUrlencoded(ctx));
    if (session && sessions.isFormToken(session, posted.raw('_token'))) await sessions.end(session);
    cookie.clear(ctx);
    redirect(ctx, '/login');
  }

  return async (ctx, next) => {
    if (ctx.path === '/login' && ctx.method === 'GET') {
      show(ctx, 200, localPath(new URLSearchParams(ctx.querystring).get('next')), {}, noErrors);
    } else if (ctx.path === '/login' && ctx.method === 'POST') await signIn(ctx);
    else if (ctx.path === '/logout' && ctx.method === 'POST') await signOut(ctx);
    else await next();
  };
}

function redirect(ctx: HttpContext, to: string): void {
  ctx.status = 303;
  ctx.set('Location', to);
}
