import type { HttpContext } from '../../http/state.js';

/** The console's cookie: `__Host-` over https, where the browser then holds it to this very host. */
export function createSessionCookie({ https }: { https: boolean }) {
  const name = https ? '__Host-drawbridge' : 'drawbridge';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`;
  return {
    read(ctx: HttpContext): string | undefined {
      const parts = (ctx.req.headers.cookie ?? '').split(';').map((part) => part.trim());
      return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
    },
    // Lax: a link in Slack leads to the review page and not to the sign-in. No form of another site carries it.
    write: (ctx: HttpContext, value: string) => ctx.append('Set-Cookie', `${name}=${value}; ${attributes}`),
    clear: (ctx: HttpContext) => ctx.append('Set-Cookie', `${name}=; Max-Age=0; ${attributes}`),
  };
}

export type SessionCookie = ReturnType<typeof createSessionCookie>;
