import { freePort } from '../../../dev/stack/ports.js';
import { flowTable } from '../flow-table.js';
import { measure, warmUp, type Part } from '../part.js';
import { startWebhookProduct, type Receiving, type WebhookProduct } from '../product.js';
import { startReceiver } from '../receiver/receiver.js';

/** p99 of the endpoints that are well may be so many times what it is when all are. */
const target = 1.3;
const orgs = 20;
const endpointsOfAnOrg = 5;
/** One in so many is dead. */
const deadEvery = 10;

/** Endpoints of which a tenth is dead, in each of the ways there are, beside as many that are all well. */
export const dead: Part = async (context) => {
  const { stack, plan, receiver } = context;
  const [well, sick] = await Promise.all([startWebhookProduct(stack), startWebhookProduct(stack)]);
  // A process of its own: what hangs takes nothing from those that answer.
  const graveyard = await startReceiver(stack);
  try {
    const nobody = `http://127.0.0.1:${await freePort()}/refused`;
    const ways = [nobody, `${graveyard.url}/failing`, `${graveyard.url}/hanging`];
    const load = { atOnce: plan.dead.atOnce, perCall: 1 };
    const contenders = [
      { name: 'all are well', publisher: await publisherOf(well, receiver.url, []), ...load },
      { name: 'a tenth is dead', publisher: await publisherOf(sick, receiver.url, ways), ...load },
    ];
    await warmUp({ ...context, plan: { ...plan, warmUp: plan.dead.events } }, contenders);
    const { rounds, events } = plan.dead;
    // Long enough for breakers to open, which takes a minute of failures.
    const longer = { ...context, plan: { ...plan, partMs: plan.partMs * 4 } };
    const flows = await measure(longer, 'a tenth of the endpoints dead', contenders, { rounds, events });
    const p99 = flows[1]?.ratio.p99 ?? NaN;
    const met = p99 <= target;
    return {
      data: { flows, target: { p99Ratio: target, met } },
      text: [
        flowTable(flows),
        '',
        `${orgs * endpointsOfAnOrg} endpoints, ${endpointsOfAnOrg} an event; the dead ones refuse connections, answer 500 or never. With them, p99 of those that are well is ${p99.toFixed(2)} of what it is without; the target of ${target} is ${met ? 'met' : 'missed'}. n and delivered count those that are well.`,
      ].join('\n'),
    };
  } finally {
    await Promise.all([well.close(), sick.close(), graveyard.process.stop()]);
  }
};

/** @param ways in which one in ten is dead; none when all are well */
async function publisherOf(product: WebhookProduct, url: string, ways: readonly string[]) {
  const receiving = Array.from({ length: orgs * endpointsOfAnOrg }, (_, index): Receiving => {
    const isDead = ways.length > 0 && index % deadEvery === 0;
    const way = isDead ? ways[(index / deadEvery) % ways.length] : undefined;
    return { url: `${way ?? `${url}/taken`}/${index}`, isDead };
  });
  const made = Array.from({ length: orgs }, (_, org) =>
    product.makeOrg(`org-${org}`, receiving.slice(org * endpointsOfAnOrg, (org + 1) * endpointsOfAnOrg)),
  );
  return product.publisher(await Promise.all(made));
}
