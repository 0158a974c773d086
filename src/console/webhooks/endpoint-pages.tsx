import type { AuditAction } from '../../http/audit.js';
import { newId } from '../../lib/ids.js';
import { recoverBody, testEndpointBody } from '../../webhooks/deliveries/schema.js';
import type { WebhookAdmin } from '../../webhooks/admin.js';
import type { EndpointDoc } from '../../webhooks/endpoints/model.js';
import { rotateSecretBody, updateEndpointBody } from '../../webhooks/endpoints/schema.js';
import { attempt } from '../forms/errors.js';
import { defineForm, type Form } from '../forms/form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import type { Flash } from '../session/sessions.js';
import { recoverForm, rotateForm, testForm, testOutcomeId, TestOutcomePart, type TestOutcome } from './cards.js';
import { logQueryOf } from './delivery-log.js';
import { EndpointPage, type Submitted } from './endpoint-page.js';
import { endpointForm } from './form.js';
import { deliveriesText, endpointPath, endpointsPath } from './labels.js';
import { activeViewsOf, viewOf } from './view.js';

const path = `${endpointsPath}/{id}`;
const subject = '/orgs/{org}/webhooks/{id}';
const noFields = defineForm([]);

/** One endpoint, and its actions. */
export function endpointPages(webhooks: WebhookAdmin): PageSpec[] {
  async function show(request: PageRequest, endpoint: EndpointDoc, submitted: Submitted | null = null, status = 200) {
    const { org, query } = request;
    const [[view], log] = await Promise.all([
      activeViewsOf(webhooks, org, [endpoint], 0),
      webhooks.service.list(org, endpoint._id, logQueryOf(query)),
    ]);
    if (!view) throw new Error('No view was made of the endpoint.');
    const body = (
      <EndpointPage
        request={request}
        endpoint={view}
        deliveries={log.data.map(webhooks.present)}
        nextCursor={log.next_cursor}
        query={query}
        workflowUrl={view.health.status === 'paused' ? webhooks.workflowOf(endpoint).url : null}
        submitted={submitted}
      />
    );
    return pageOf(`Webhook ${new URL(view.url).host}`, body, { status, wide: true });
  }

  const find = ({ org, params }: PageRequest) => webhooks.endpoints.get(org, params.id ?? '');

  interface Action {
    /** Below the endpoint's path: `/rotate`. */
    path: string;
    audit: AuditAction;
    /** The form that shows a refusal. */
    submitted?: Exclude<Submitted['form'], 'test'>;
    form?: (request: PageRequest) => Form | Promise<Form>;
    run: (request: PageRequest, id: string, form: Form) => Promise<{ to?: string; flash: Flash }>;
  }

  /** Runs an action and leads back to the endpoint. A refusal shows the page again, with the typed values. */
  const actionPage = ({
    path: actionPath,
    audit,
    submitted = 'other',
    form: formOf = () => noFields,
    run,
  }: Action): PageSpec =>
    definePage({
      method: 'post',
      path: `${path}${actionPath}`,
      audit: { action: audit, subject },
      access: 'configure',
      handler: async (request): Promise<PageReply> => {
        const id = request.params.id ?? '';
        const form = await formOf(request);
        const done = await attempt(() => run(request, id, form), form.errorsOf);
        if ('value' in done) return redirectTo(done.value.to ?? endpointPath(id), done.value.flash);
        return show(request, await find(request), { form: submitted, errors: done.errors }, done.status);
      },
    });

  const switchPage = (actionPath: string, enabled: boolean, notice: string): PageSpec =>
    actionPage({
      path: actionPath,
      audit: 'webhook.updated',
      run: async ({ org, session }, id) => {
        await webhooks.endpoints.update(org, id, { enabled }, session.caller);
        return { flash: { notice } };
      },
    });

  return [
    definePage({
      method: 'get',
      path,
      access: 'read',
      handler: async (request) => show(request, await find(request)),
    }),
    actionPage({
      path: '',
      audit: 'webhook.updated',
      submitted: 'settings',
      form: async (request) => endpointForm(await viewOf(webhooks, request.org, await find(request))),
      run: async ({ org, form: posted, session }, id, form) => {
        const input = form.parse(updateEndpointBody, form.read(posted));
        await webhooks.endpoints.update(org, id, input, session.caller);
        return { flash: { notice: 'Saved.' } };
      },
    }),
    actionPage({
      path: '/rotate',
      audit: 'webhook.rotated',
      form: () => rotateForm,
      run: async ({ org, form: posted, session }, id, form) => {
        const { overlap_seconds } = form.parse(rotateSecretBody, form.read(posted));
        const by = { caller: session.caller, newId };
        const { secret, previousExpiresAt } = await webhooks.endpoints.rotateSecret(org, id, overlap_seconds, by);
        const notice =
          previousExpiresAt === null
            ? 'The previous secret has ended. Only the new one signs.'
            : `The previous secret signs as well until ${minuteText(previousExpiresAt)}.`;
        return { flash: { notice, secret: { label: 'The new secret.', value: secret } } };
      },
    }),
    actionPage({
      path: '/recover',
      audit: 'webhook.recovered',
      submitted: 'recover',
      form: () => recoverForm,
      run: async ({ org, form: posted }, id, form) => {
        const count = await webhooks.recover(org, id, form.parse(recoverBody, form.read(posted)));
        const notice =
          count === 0
            ? 'There is nothing to send.'
            : `${deliveriesText(count)} ${count === 1 ? 'is' : 'are'} being sent.`;
        return { flash: { notice } };
      },
    }),
    switchPage('/enable', true, 'Enabled. Events that it missed can be recovered.'),
    switchPage('/disable', false, 'Disabled. Nothing more is sent.'),
    actionPage({
      path: '/delete',
      audit: 'webhook.deleted',
      run: async ({ org, session }, id) => {
        await webhooks.endpoints.remove(org, id, session.caller);
        return { to: endpointsPath, flash: { notice: 'The endpoint was deleted.' } };
      },
    }),
    definePage({
      method: 'post',
      path: `${path}/test`,
      audit: { action: 'webhook.tested', subject },
      access: 'configure',
      handler: async (request) => {
        const { org, params, form: posted, part } = request;
        const id = params.id ?? '';
        const form = testForm([]);
        const done = await attempt(async () => {
          const { type } = form.parse(testEndpointBody, form.read(posted));
          return webhooks.testCall.first(org, id, { type, newId });
        }, form.errorsOf);
        const outcome: TestOutcome = 'value' in done ? done.value : { errors: done.errors };
        const status = 'value' in done ? 200 : done.status;
        if (part === testOutcomeId) {
          return { kind: 'part', body: <TestOutcomePart endpointId={id} outcome={outcome} />, status };
        }
        return show(request, await find(request), { form: 'test', outcome }, status);
      },
    }),
  ];
}

const minuteText = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
