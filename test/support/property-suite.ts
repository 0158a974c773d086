import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAllowed, permissions } from '../../src/http/caller.js';
import type { Route } from '../../src/http/route.js';
import { generateKey } from '../../src/auth/key-format.js';
import type { TestApp } from './app.js';
import { api, type Api, type ApiAnswer } from './http.js';

export interface Estate {
  app: Pick<TestApp, 'origin' | 'newOrg' | 'keyOf' | 'close'>;
  routes: readonly Route[];
  /** An org that owns things, and the ids of one of each, by the path's folder: `{ 'evidence-requests': 'er_…' }`. */
  org: string;
  ids: Record<string, string>;
  /** Bodies that are valid, by `post /orgs/{org}/…`, for the routes that do not take `{}`. */
  bodies: Record<string, unknown>;
}

/** What must hold for every route there is: nobody gets in without a key, with too little, or into another org. */
export function propertySuite(name: string, build: () => Promise<Estate>): void {
  describe(name, () => {
    let estate: Estate;
    beforeAll(async () => {
      estate = await build();
    });
    afterAll(() => estate.app.close());

    const keyed = () => estate.routes.filter((route) => route.access !== 'none');
    const ofOrg = () => keyed().filter((route) => route.path.includes('{org}'));
    const call = (client: Api, route: Route, path: string): Promise<ApiAnswer> => {
      if (route.method === 'get') return client.get(path);
      if (route.method === 'delete') return client.del(path);
      return client[route.method](path, estate.bodies[nameOf(route)] ?? {});
    };
    const clientOf = (key?: string) => api(`${estate.app.origin}/api/v1`, key);
    /** The route's path in this org, with the ids of `estate.org`'s things. */
    const pathIn = (org: string, route: Route) =>
      route.path.replace(/(?:([\w-]+)\/)?\{(\w+)\}/g, (whole, folder: string | undefined, parameter: string) => {
        if (parameter === 'org') return whole.replace('{org}', org);
        return `${String(folder)}/${estate.ids[folder ?? ''] ?? 'missing'}`;
      });
    const statuses = async (routes: Route[], answer: (route: Route) => Promise<ApiAnswer>) =>
      Promise.all(routes.map(async (route) => `${nameOf(route)} ${(await answer(route)).status}`));
    const all = (routes: Route[], status: number) => routes.map((route) => `${nameOf(route)} ${status}`);

    it('no route is reached without a key, with a wrong one, or with one nobody has', async () => {
      for (const key of [undefined, 'nonsense', generateKey(), '']) {
        const refused = await statuses(keyed(), (route) => call(clientOf(key), route, pathIn(estate.org, route)));
        expect(refused).toEqual(all(keyed(), 401));
      }
    });

    it('no route of an org answers another org’s key with anything but 404', async () => {
      const stranger = await estate.app.keyOf(await estate.app.newOrg(), [...permissions]);
      expect(await statuses(ofOrg(), (route) => call(stranger, route, pathIn(estate.org, route)))).toEqual(
        all(ofOrg(), 404),
      );
    });

    it('no route finds another org’s things by their ids in one’s own org', async () => {
      const org = await estate.app.newOrg();
      const own = await estate.app.keyOf(org, [...permissions]);
      const items = ofOrg().filter((route) => (route.path.match(/\{/g)?.length ?? 0) > 1);
      expect(await statuses(items, (route) => call(own, route, pathIn(org, route)))).toEqual(all(items, 404));
    });

    it('no route takes a key that holds too little', async () => {
      for (const held of permissions) {
        const key = await estate.app.keyOf(estate.org, [held]);
        const closed = keyed().filter(({ access }) => {
          if (access === 'admin') return true;
          return access !== 'any' && access !== 'none' && !isAllowed([held], [access].flat());
        });
        expect(await statuses(closed, (route) => call(key, route, pathIn(estate.org, route)))).toEqual(
          all(closed, 403),
        );
      }
    });

    it('no route fails on ids that nobody would choose', async () => {
      const key = await estate.app.keyOf(estate.org, [...permissions]);
      const items = ofOrg().filter((route) => route.method === 'get' && (route.path.match(/\{/g)?.length ?? 0) > 1);
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (id) => {
          const path = (route: Route) => route.path.replace('{org}', estate.org).replace(/\{\w+\}/g, () => segment(id));
          const found = await Promise.all(items.map(async (route) => (await key.get(path(route))).status));
          expect(found.filter((status) => status !== 404)).toEqual([]);
        }),
        { numRuns: 30 },
      );
    });
  });
}

const nameOf = (route: Route) => `${route.method} ${route.path}`;

/** `.` and `..` are taken out of a path before it is sent. */
const segment = (id: string) => encodeURIComponent((/^\.+$/.test(id) ? `${id}x` : id).replace(/\p{Cs}/gu, 'x'));
