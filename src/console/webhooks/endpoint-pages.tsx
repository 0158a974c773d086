import { validate } from '../../http/validation.js';
import { newId } from '../../lib/ids.js';
import { recoverBody, testEndpointBody } from '../../webhooks/deliveries/schema.js';
import type { WebhookDesk } from '../../webhooks/desk.js';
import type { EndpointDoc } from '../../webhooks/endpoints/model.js';
import { rotateSecretBody } from '../../webhooks/endpoints/schema.js';
import { attempt } from '../form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { typedTime } from '../parts/local-time.js';
import type { Flash } from '../session/sessions.js';
import { EndpointPage, type Asked } from './endpoint-page.js';
import { updateInput } from './endpoint-input.js';
import { logQueryOf } from './log-query.js';
import { TestAnswer, testAnswerId, type TestResult } from './test-card.js';
import { activeViewsOf } from './view.js';
import { deliveriesWords, pathOf } from './words.js';

const path = '/settings/webhooks/{id}';

/** One endpoint, and what can be done about it. */
export function endpointPages(desk: WebhookDesk): PageSpec[] {
  async function show(request: PageRequest, endpoint: EndpointDoc, asked: Asked | null = null, status = 200) {
    const { org, query } = request;
    const [[view], log] = await Promise.all([
      activeViewsOf(desk, org, [endpoint], 0),
      desk.service.list(org, endpoint._id, logQueryOf(query)),
    ]);
    if (!view) throw new Error('One was shown as none.');
    const workflowUrl = view.health.status === 'paused' ? desk.workflowOf(endpoint).url : null;
    const deliveries = log.data.map(desk.present);
    const shown = { request, endpoint: view, deliveries, nextCursor: log.next_cursor, query, workflowUrl, asked };
    return pageOf(`Webhook ${new URL(view.url).host}`, <EndpointPage {...shown} />, { status, wide: true });
  }

  /** Does it and leads back; a refusal shows the page as it is now, with what was typed. */
  const acting = (
    act: string,
    what: Exclude<Asked['what'], 'test'>,
    run: (request: PageRequest, id: string) => Promise<{ to?: string; flash: Flash }>,
  ): PageSpec =>
    definePage({
      method: 'post',
      path: `${path}${act}`,
      access: 'configure',
      handler: async (request): Promise<PageReply> => {
        const { org, params } = request;
        const id = params.id ?? '';
        const done = await attempt(() => run(request, id));
        if ('value' in done) return redirectTo(done.value.to ?? pathOf(id), done.value.flash);
        return show(request, await desk.endpoints.get(org, id), { what, errors: done.errors }, done.status);
      },
    });

  const switching = (act: string, enabled: boolean, notice: string): PageSpec =>
    acting(act, 'other', async ({ org, session }, id) => {
      await desk.endpoints.update(org, id, { enabled }, session.caller);
      return { flash: { notice } };
    });

  return [
    definePage({
      method: 'get',
      path,
      access: 'read',
      handler: async (request) => show(request, await desk.endpoints.get(request.org, request.params.id ?? '')),
    }),
    acting('', 'settings', async ({ org, form, session }, id) => {
      await desk.endpoints.update(org, id, updateInput(form), session.caller);
      return { flash: { notice: 'Saved.' } };
    }),
    acting('/rotate', 'other', async ({ org, form, session }, id) => {
      const { overlap_seconds } = validate(rotateSecretBody, {
        overlap_seconds: Number(form.text('overlap_seconds')),
      });
      const by = { caller: session.caller, newId };
      const { secret, previousExpiresAt } = await desk.endpoints.rotateSecret(org, id, overlap_seconds, by);
      const notice =
        previousExpiresAt === null
          ? 'The previous secret has ended: only the new one signs.'
          : `The previous secret signs as well until ${minuteWords(previousExpiresAt)}.`;
      return { flash: { notice, secret: { label: 'The new secret.', value: secret } } };
    }),
    acting('/recover', 'recover', async ({ org, form }, id) => {
      const { since } = validate(recoverBody, { since: sinceOf(form) });
      const count = await desk.recover(org, id, since);
      const notice =
        count === 0
          ? 'Nothing was missing since then.'
          : `${deliveriesWords(count)} ${count === 1 ? 'is' : 'are'} sent now.`;
      return { flash: { notice } };
    }),
    switching('/enable', true, 'Enabled. What it missed can be recovered.'),
    switching('/disable', false, 'Disabled: nothing is sent any more.'),
    acting('/delete', 'other', async ({ org, session }, id) => {
      await desk.endpoints.remove(org, id, session.caller);
      return { to: '/settings/webhooks', flash: { notice: 'The endpoint is deleted.' } };
    }),
    definePage({
      method: 'post',
      path: `${path}/test`,
      access: 'configure',
      handler: async (request) => {
        const { org, params, form, part } = request;
        const id = params.id ?? '';
        const type = form.text('type');
        const done = await attempt(async () => {
          const asked = validate(testEndpointBody, type === '' ? {} : { type });
          return desk.testCall.first(org, id, { type: asked.type, newId });
        });
        const result: TestResult = 'value' in done ? done.value : { errors: done.errors };
        const status = 'value' in done ? 200 : done.status;
        if (part === testAnswerId) {
          return { kind: 'part', body: <TestAnswer endpointId={id} result={result} />, status };
        }
        return show(request, await desk.endpoints.get(org, id), { what: 'test', type, result }, status);
      },
    }),
  ];
}

const sinceOf = ({ text }: PageRequest['form']): string => typedTime(text('since'), text('since_offset'));

const minuteWords = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
