import { newId } from '../../lib/ids.js';
import type { WebhookAdmin } from '../../webhooks/admin.js';
import { createEndpointBody } from '../../webhooks/endpoints/schema.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import type { FormState } from '../forms/form.js';
import { PostForm } from '../forms/post-form.js';
import { definePage, pageOf, redirectTo, type PageRequest, type PageSpec } from '../page.js';
import { deliveryPages } from './delivery-pages.js';
import { endpointPages } from './endpoint-pages.js';
import { endpointForm, newEndpointValues } from './form.js';
import { endpointPath, endpointsPath } from './labels.js';
import { ListPage } from './list-page.js';
import { activeViewsOf } from './view.js';

/** Webhook endpoints and their deliveries. */
export const webhookPages = (webhooks: WebhookAdmin): PageSpec[] => [
  // Before the endpoints' pages, so that `new` isn't taken for an id.
  ...listPages(webhooks),
  ...endpointPages(webhooks),
  ...deliveryPages(webhooks),
];

const pageSize = 20;
/** The age at which the charts of the list are computed anew, to keep the list fast. */
const maxActivityAgeMs = 20_000;

/** The list of endpoints, and the form for a new one. */
function listPages(webhooks: WebhookAdmin): PageSpec[] {
  const form = endpointForm(null);

  function showNew(request: PageRequest, refusal: Refusal | null = null) {
    const values = refusal ? form.read(request.form) : newEndpointValues;
    const state = { form, values, errors: refusal?.errors ?? noErrors };
    return pageOf('New endpoint', <NewPage request={request} state={state} />, { status: refusal?.status ?? 200 });
  }

  return [
    definePage({
      method: 'get',
      path: endpointsPath,
      access: 'read',
      handler: async ({ org, query, can }) => {
        const cursor = query.get('cursor') ?? undefined;
        const { data, next_cursor } = await webhooks.endpoints.list(org, { limit: pageSize, cursor });
        const endpoints = await activeViewsOf(webhooks, org, data, maxActivityAgeMs);
        const props = { endpoints, query, nextCursor: next_cursor, mayChange: can('configure') };
        return pageOf('Webhooks', <ListPage {...props} />, { wide: true });
      },
    }),
    definePage({
      method: 'get',
      path: `${endpointsPath}/new`,
      access: 'configure',
      handler: (request) => Promise.resolve(showNew(request)),
    }),
    definePage({
      method: 'post',
      path: endpointsPath,
      audit: { action: 'webhook.created', subject: '/orgs/{org}/webhooks/{id}' },
      access: 'configure',
      handler: async (request) => {
        const { org, form: posted, session } = request;
        const created = await attempt(async () => {
          const input = form.parse(createEndpointBody, form.read(posted));
          return webhooks.endpoints.create(org, input, { caller: session.caller, newId });
        }, form.errorsOf);
        if ('errors' in created) return showNew(request, created);
        const { endpoint, secret } = created.value;
        return redirectTo(endpointPath(endpoint._id), {
          secret: { label: 'The endpoint’s secret. Your receiver verifies signatures with it.', value: secret },
        });
      },
    }),
  ];
}

const NewPage = ({ request: { session }, state }: { request: PageRequest; state: FormState }) => (
  <>
    <div class="head">
      <div>
        <p class="dim">
          <a href={endpointsPath}>Webhooks</a>
        </p>
        <h1>New endpoint</h1>
      </div>
    </div>
    <ErrorSummary errors={state.errors} />
    <PostForm session={session} action={endpointsPath}>
      <Fields state={state} />
      <p class="actions spaced">
        <button class="primary">Create endpoint</button>
        <a href={endpointsPath}>Cancel</a>
      </p>
    </PostForm>
  </>
);
