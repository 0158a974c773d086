import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import type { Audit } from '../../auth/audit/audit.js';
import { systemLog } from '../../auth/audit/model.js';
import type { OwnerOf } from '../../auth/authenticate.js';
import { hashKey } from '../../auth/key-format.js';
import type { AuditTrail } from '../../http/audit.js';
import { Problem, tooManyRequests } from '../../http/problem.js';
import { consume } from '../../http/rate-limit.js';
import type { HttpContext, HttpMiddleware } from '../../http/state.js';
import { noErrors, type FormErrors } from '../forms/errors.js';
import type { FormValues } from '../forms/field.js';
import { postedForm } from '../forms/form.js';
import type { Layout } from '../layout/layout.js';
import { auditSourceOf, readUrlencoded, sendHtml } from '../router.js';
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
  audit: Audit;
  auditTrail: AuditTrail;
  ownerOf: OwnerOf;
}

const started = { action: 'session.started', subject: '/sessions/{session_id}' } as const;
const ended = { action: 'session.ended', subject: '/sessions/{session_id}' } as const;

const credentials = z.object({ key: z.string(), person: z.string().nullable() });

/** `/login` and `/logout`, which work without a session. */
export function signInPages(deps: SignInDeps): HttpMiddleware {
  const { sessions, cookie, layout, publicUrl, failuresPerMinute, audit, auditTrail, ownerOf } = deps;
  const limiter = new RateLimiterMemory({ points: failuresPerMinute || 1, duration: 60 });

  const show = (ctx: HttpContext, status: number, returnTo: string, values: FormValues, errors: FormErrors) =>
    sendHtml(ctx, layout.bare('Sign in', <LoginPage returnTo={returnTo} values={values} errors={errors} />), status);

  async function countFailure(ctx: HttpContext): Promise<void> {
    if (failuresPerMinute === 0) return;
    const { exceeded, result } = await consume(limiter, ctx.state.remoteAddress);
    if (exceeded) throw tooManyRequests(Math.ceil(result.msBeforeNext / 1_000), 'Too many wrong keys. Wait a minute.');
  }

  /** A refused sign-in is on record in the log of the key's org, or in the one of no org when nobody knows the key. */
  async function refusalsRecorded<T>(ctx: HttpContext, key: string, identify: () => Promise<T>): Promise<T> {
    try {
      return await identify();
    } catch (error) {
      if (!(error instanceof Problem) || (error.status !== 401 && error.status !== 403)) throw error;
      if (error.status === 401) await countFailure(ctx);
      const owner = await ownerOf(hashKey(key));
      const actor = owner
        ? { id: owner._id, name: owner.name, via: owner._id }
        : { id: 'unknown', name: 'Unknown', via: 'unknown' };
      await audit.recordFrom(owner?.org_id ?? systemLog, actor, auditSourceOf(ctx, null), {
        action: 'session.refused',
        outcome: 'refused',
        subject: { type: 'session', id: '-' },
      });
      throw error;
    }
  }

  async function signIn(ctx: HttpContext): Promise<void> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const posted = postedForm(await readUrlencoded(ctx));
    const values = loginForm.read(posted);
    const returnTo = localPath(posted.text('next'));
    try {
      const { key, person } = loginForm.parse(credentials, values);
      const caller = await refusalsRecorded(ctx, key, () => sessions.identify(key, person));
      const begun = await auditTrail.run(
        {
          orgId: caller.kind === 'key' ? caller.orgId : null,
          ...{ caller, rule: started, params: {}, requested: [], source: auditSourceOf(ctx, null) },
        },
        () => sessions.begin(key, person, caller),
        ({ id }) => ({ outcome: 'succeeded', createdId: id.slice(0, 12) }),
      );
      cookie.write(ctx, begun.cookie);
      redirect(ctx, returnTo);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      const summary = error.status === 403 ? 'This key belongs to one person. Leave the name empty.' : error.detail;
      show(ctx, error.status, returnTo, { ...values, key: '' }, { ...noErrors, summary });
    }
  }

  async function signOut(ctx: HttpContext): Promise<void> {
    requireSameOrigin(ctx.req.headers, publicUrl);
    const session = await sessions.find(cookie.read(ctx));
    const posted = postedForm(await readUrlencoded(ctx));
    if (session && sessions.isFormToken(session, posted.raw('_token'))) {
      const { id, caller, orgId } = session;
      await auditTrail.run(
        {
          ...{ orgId, caller, rule: ended, params: { session_id: id.slice(0, 12) }, requested: [] },
          source: auditSourceOf(ctx, id),
        },
        () => sessions.end(session),
        () => ({ outcome: 'succeeded' }),
      );
    }
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
