import { residentMb } from '../../memory.js';
import { cpuTable, flowTable, ratioAt } from '../flow-table.js';
import { measure, warmUp, type Part } from '../part.js';
import { addressesOf, startWebhookProduct } from '../product.js';
import { storeSettled } from '../settled.js';
import type { Flow } from '../rounds.js';

/** The org has more endpoints than the one that is sent to: their deliveries are among those stored. */
const others = 9;
const measuredFrom = 20;

/** A product that has delivered much, beside one that has not. */
export const stored: Part = async (context) => {
  const { stack, plan, receiver, log } = context;
  const [fresh, used] = await Promise.all([startWebhookProduct(stack), startWebhookProduct(stack)]);
  try {
    const receiving = [...addressesOf(receiver.url, 1), ...addressesOf(receiver.url, others, ['config.deployed'])];
    const [small, large] = await Promise.all([fresh.makeOrg('stored', receiving), used.makeOrg('stored', receiving)]);
    log(`webhooks: storing ${plan.stored} settled deliveries`);
    const startedAt = performance.now();
    await storeSettled(used.product.mongoUri, large, plan.stored);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const sides = [
      { name: 'nothing stored', publisher: fresh.publisher([small]) },
      { name: `${plan.stored} stored`, publisher: used.publisher([large]) },
    ];
    const both = (atOnce: number) => sides.map((side) => ({ ...side, atOnce, perCall: 1 }));
    await warmUp(context, both(measuredFrom));
    const flows: Flow[] = [];
    for (const { atOnce, events } of plan.single.filter((one) => one.atOnce >= measuredFrom)) {
      flows.push(...(await measure(context, `${plan.stored} stored, ${atOnce} at once`, both(atOnce), { events })));
    }
    const memoryMb = { api: residentMb(used.product.api.pid), worker: residentMb(used.product.worker.pid) };
    const large99 = flows.filter(({ name }) => name !== 'nothing stored');
    return {
      data: { count: plan.stored, flows, memoryMb },
      text: [
        flowTable(flows),
        '',
        cpuTable(flows),
        '',
        `With ${plan.stored} stored deliveries (written in ${seconds} s), delivered: ${large99.map((flow) => ratioAt(flow, flow.ratio.delivered)).join(', ')} of what a new database gives. Resident: API ${memoryMb.api} MB, worker ${memoryMb.worker} MB.`,
      ].join('\n'),
    };
  } finally {
    await Promise.all([fresh.close(), used.close()]);
  }
};
