import type { AuditAction } from '../../http/audit.js';
import type { DeliveryRef } from '../../webhooks/deliveries/history.js';
import type { Shown } from '../../webhooks/deliveries/presenter.js';
import type { WebhookAdmin } from '../../webhooks/admin.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { DeliveryPage, DeliveryStatus, deliveryStatusId } from './delivery-page.js';
import { deliveryPath, endpointsPath } from './labels.js';
import { viewOf } from './view.js';

const path = `${endpointsPath}/{id}/deliveries/{delivery_id}`;

/** One delivery: show, resend and cancel. */
export function deliveryPages(webhooks: WebhookAdmin): PageSpec[] {
  async function show(
    request: PageRequest,
    { errors, status }: Refusal = { errors: noErrors, status: 200 },
  ): Promise<PageReply> {
    const ref = refOf(request);
    const [shown, doc] = await Promise.all([
      webhooks.service.get(ref),
      webhooks.endpoints.get(ref.orgId, ref.endpointId),
    ]);
    const endpoint = await viewOf(webhooks, ref.orgId, doc);
    const delivery = webhooks.present(shown);
    if (request.part === deliveryStatusId) {
      return { kind: 'part', body: <DeliveryStatus endpoint={endpoint} delivery={delivery} /> };
    }
    const sent = await webhooks.sentRequestOf(doc, shown.delivery, lastAttemptAt(shown) ?? new Date());
    const body = <DeliveryPage request={request} endpoint={endpoint} delivery={delivery} sent={sent} errors={errors} />;
    return pageOf(`${delivery.event_type} to ${new URL(endpoint.url).host}`, body, { status, wide: true });
  }

  const actionPage = (
    action: string,
    audit: AuditAction,
    run: (ref: DeliveryRef) => Promise<Shown>,
    notice: (done: Shown) => string,
  ): PageSpec =>
    definePage({
      method: 'post',
      path: `${path}/${action}`,
      audit: { action: audit, subject: '/orgs/{org}/webhooks/{id}/deliveries/{delivery_id}' },
      access: 'configure',
      handler: async (request) => {
        const ref = refOf(request);
        const done = await attempt(() => run(ref));
        if ('errors' in done) return show(request, done);
        return redirectTo(deliveryPath(ref.endpointId, ref.id), { notice: notice(done.value) });
      },
    });

  return [
    definePage({ method: 'get', path, access: 'read', handler: (request) => show(request) }),
    actionPage(
      'resend',
      'delivery.resent',
      (ref) => webhooks.service.resend(ref),
      ({ delivery }) => (delivery.trigger === 'test' ? 'The test was sent again.' : 'It is being sent again.'),
    ),
    actionPage(
      'cancel',
      'delivery.cancelled',
      (ref) => webhooks.service.cancel(ref),
      () => 'Cancelled. An attempt that has started still completes.',
    ),
  ];
}

const refOf = ({ org, params }: PageRequest): DeliveryRef => ({
  orgId: org,
  endpointId: params.id ?? '',
  id: params.delivery_id ?? '',
});

const lastAttemptAt = ({ attempts }: Shown): Date | null => attempts.at(-1)?.at ?? null;
