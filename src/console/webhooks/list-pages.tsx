import { newId } from '../../lib/ids.js';
import type { WebhookDesk } from '../../webhooks/desk.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import type { Typed } from './endpoint-fields.js';
import { createInput } from './endpoint-input.js';
import { ListPage } from './list-page.js';
import { NewPage } from './new-page.js';
import { typedOf } from './settings.js';
import { activeViewsOf } from './view.js';
import { pathOf } from './words.js';

const path = '/settings/webhooks';
const listed = 20;
/** Charts of a list may be so old: it is quick, then. */
const activityWithinMs = 20_000;

const untouched: Typed = { url: '', events: [], description: '', headers: '', rate: '', ordered: false };

/** The list of endpoints, and where one is made. */
export function listPages(desk: WebhookDesk): PageSpec[] {
  function newPage(request: PageRequest, errors: FormErrors, status = 200) {
    const { form } = request;
    const typed = status === 200 ? { ...untouched, enabled: true } : { ...typedOf(form), enabled: form.has('enabled') };
    return pageOf('New endpoint', <NewPage {...{ request, typed, errors }} />, { status });
  }

  return [
    definePage({
      method: 'get',
      path,
      access: 'read',
      handler: async ({ org, query, can }) => {
        const cursor = query.get('cursor') ?? undefined;
        const { data, next_cursor } = await desk.endpoints.list(org, { limit: listed, cursor });
        const endpoints = await activeViewsOf(desk, org, data, activityWithinMs);
        const shown = { endpoints, query, nextCursor: next_cursor, mayChange: can('configure') };
        return pageOf('Webhooks', <ListPage {...shown} />, { wide: true });
      },
    }),
    definePage({
      method: 'get',
      path: `${path}/new`,
      access: 'configure',
      handler: (request) => Promise.resolve(newPage(request, noErrors)),
    }),
    definePage({
      method: 'post',
      path,
      access: 'configure',
      handler: async (request) => {
        const { org, form, session } = request;
        const by = { caller: session.caller, newId };
        const made = await attempt(async () => desk.endpoints.create(org, createInput(form), by));
        if ('errors' in made) return newPage(request, made.errors, made.status);
        const { endpoint, secret } = made.value;
        return redirectTo(pathOf(endpoint._id), {
          secret: { label: 'The endpoint’s secret, which your receiver verifies with.', value: secret },
        });
      },
    }),
  ];
}
