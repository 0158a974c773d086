import type { DeliveryRef } from '../../webhooks/deliveries/history.js';
import type { Shown } from '../../webhooks/deliveries/presenter.js';
import type { WebhookDesk } from '../../webhooks/desk.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { DeliveryPage, Standing, standingId } from './delivery-page.js';
import { viewOf } from './view.js';
import { deliveryPathOf } from './words.js';

const path = '/settings/webhooks/{id}/deliveries/{delivery}';

/** One delivery: read, sent again, given up. */
export function deliveryPages(desk: WebhookDesk): PageSpec[] {
  async function show(request: PageRequest, errors: FormErrors, status = 200): Promise<PageReply> {
    const ref = refOf(request);
    const [shown, doc] = await Promise.all([desk.service.get(ref), desk.endpoints.get(ref.orgId, ref.endpointId)]);
    const endpoint = await viewOf(desk, ref.orgId, doc);
    const delivery = desk.present(shown);
    if (request.part === standingId) {
      return { kind: 'part', body: <Standing endpoint={endpoint} delivery={delivery} /> };
    }
    const sent = await desk.sentRequestOf(doc, shown.delivery, lastTriedAt(shown) ?? new Date());
    const body = <DeliveryPage {...{ request, endpoint, delivery, sent, errors }} />;
    return pageOf(`${delivery.event_type} to ${new URL(endpoint.url).host}`, body, { status, wide: true });
  }

  const acting = (act: string, run: (ref: DeliveryRef) => Promise<Shown>, notice: (done: Shown) => string): PageSpec =>
    definePage({
      method: 'post',
      path: `${path}/${act}`,
      access: 'configure',
      handler: async (request) => {
        const ref = refOf(request);
        const done = await attempt(() => run(ref));
        if ('errors' in done) return show(request, done.errors, done.status);
        return redirectTo(deliveryPathOf(ref.endpointId, ref.id), { notice: notice(done.value) });
      },
    });

  return [
    definePage({ method: 'get', path, access: 'read', handler: (request) => show(request, noErrors) }),
    acting(
      'resend',
      (ref) => desk.service.resend(ref),
      ({ delivery }) => (delivery.trigger === 'test' ? 'The test was sent again.' : 'It is sent again, at once.'),
    ),
    acting(
      'cancel',
      (ref) => desk.service.cancel(ref),
      () => 'Cancelled. An attempt that is under way goes on.',
    ),
  ];
}

const refOf = ({ org, params }: PageRequest): DeliveryRef => ({
  orgId: org,
  endpointId: params.id ?? '',
  id: params.delivery ?? '',
});

const lastTriedAt = ({ attempts }: Shown): Date | null => attempts.at(-1)?.at ?? null;
