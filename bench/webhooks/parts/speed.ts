import { startNaive } from '../naive/naive.js';
import { measure, warmUp, type Part } from '../part.js';
import { addressesOf, startWebhookProduct } from '../product.js';
import { cpuTable, flowTable, ratioAt } from '../flow-table.js';
import type { Flow } from '../rounds.js';

/** With so many calls at once the product is to be no slower than the naive sender. */
const reportedFrom = 20;

/** Events to one endpoint, beside the naive sender. */
export const speed: Part = async (context) => {
  const { stack, plan, receiver } = context;
  const product = await startWebhookProduct(stack);
  const naive = await startNaive(stack, product.product.mongoUri, receiver);
  try {
    const publisher = product.publisher([await product.makeOrg('speed', addressesOf(receiver.url, 1))]);
    const ours = { name: 'Drawbridge', publisher };
    const theirs = { name: 'naive sender', publisher: naive };
    const both = (atOnce: number) => [theirs, ours].map((side) => ({ ...side, atOnce, perCall: 1 }));
    await warmUp(context, both(reportedFrom));
    const single: Flow[] = [];
    for (const { atOnce, events } of plan.single) {
      single.push(...(await measure(context, `one event a call, ${atOnce} at once`, both(atOnce), { events })));
    }
    const batches: Flow[] = [];
    for (const { atOnce, perCall, events } of plan.batches) {
      // It takes one event a call: as many of them are under way.
      const contenders = [
        { ...theirs, atOnce: atOnce * perCall, perCall: 1 },
        { ...ours, atOnce, perCall },
      ];
      batches.push(...(await measure(context, `${perCall} events a call, ${atOnce} at once`, contenders, { events })));
    }
    return report(single, batches);
  } finally {
    await Promise.all([naive.close(), product.close()]);
  }
};

function report(single: Flow[], batches: Flow[]) {
  const reported = single.filter(({ name, atOnce }) => name === 'Drawbridge' && atOnce >= reportedFrom);
  const met = reported.every(({ ratio }) => ratio.accepted >= 1 && ratio.delivered >= 1 && ratio.p99 <= 1);
  const of = (ratio: keyof Flow['ratio']) => reported.map((flow) => ratioAt(flow, flow.ratio[ratio])).join(', ');
  return {
    data: { single, batches, target: { ratio: 1, met } },
    text: [
      flowTable([...single, ...batches]),
      '',
      cpuTable([...single, ...batches]),
      '',
      `Beside the naive sender, accepted: ${of('accepted')}; delivered: ${of('delivered')}; p99: ${of('p99')}. The target, no worse in any, is ${met ? 'met' : 'missed'}.`,
      'p50 and p99 run from the start of a call to the arrival. The naive sender takes one event a call: beside a batch, as many calls as it has events.',
    ].join('\n'),
  };
}
