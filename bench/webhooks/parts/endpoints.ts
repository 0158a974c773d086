import { residentMb } from '../../memory.js';
import { createTicketClient } from '../../tickets/client.js';
import type { BenchProduct } from '../../stack.js';
import { cpuTable, flowTable } from '../flow-table.js';
import { measure, warmUp, type Part } from '../part.js';
import { addressesOf, startWebhookProduct } from '../product.js';

/** API and worker together, with all the links and endpoints. */
const targetMb = 500;
const atOnce = 20;
const linksAtOnce = 20;
/** Of an org with many endpoints, so many want what is sent. */
const wanting = 10;
const fanOut = 100;

/** Many endpoints: of one org, of many, and for one event; and what they and open tickets hold in memory. */
export const endpoints: Part = async (context) => {
  const { stack, plan, receiver, log } = context;
  const { links, ofAnOrg, orgs, events } = plan.endpoints;
  const product = await startWebhookProduct(stack);
  try {
    const { url } = receiver;
    const unwanted = (count: number) => addressesOf(url, count, ['config.deployed']);
    log('webhooks: making endpoints');
    const single = await product.makeOrg('single', addressesOf(url, 1));
    const ten = await product.makeOrg('ten', addressesOf(url, wanting));
    const many = await product.makeOrg('many', [...addressesOf(url, wanting), ...unwanted(ofAnOrg - wanting)]);
    const hundred = await product.makeOrg('hundred', addressesOf(url, fanOut));
    const spread = await Promise.all(
      Array.from({ length: orgs }, (_, index) =>
        product.makeOrg(`org-${index}`, [...addressesOf(url, 1), ...unwanted(wanting - 1)]),
      ),
    );
    const all = [single, ten, many, hundred, ...spread];
    const count = all.reduce((sum, { endpointIds }) => sum + endpointIds.length, 0);
    log(`webhooks: opening ${links} tickets`);
    await openTickets(product.product, links);

    const load = { atOnce, perCall: 1 };
    const contenders = [
      { name: 'one endpoint', publisher: product.publisher([single]), ...load },
      { name: `one of ${wanting}, ${orgs} orgs in turn`, publisher: product.publisher(spread), ...load },
      { name: `${wanting} endpoints`, publisher: product.publisher([ten]), ...load },
      { name: `${wanting} of ${ofAnOrg}`, publisher: product.publisher([many]), ...load },
    ];
    const fanned = [{ name: `${fanOut} endpoints`, publisher: product.publisher([hundred]), ...load }];
    await warmUp(context, contenders.slice(0, 1));
    const flows = await measure(context, `${count} endpoints`, contenders, { events });
    const wide = await measure(context, `${fanOut} endpoints an event`, fanned, {
      events: Math.ceil(events / wanting),
    });
    const { api, worker } = product.product;
    const memoryMb = { api: residentMb(api.pid), worker: residentMb(worker.pid) };
    const totalMb = memoryMb.api + memoryMb.worker;
    return {
      data: { count, links, flows, wide, memoryMb, target: { memoryMb: targetMb, met: totalMb < targetMb } },
      text: [
        flowTable([...flows, ...wide.map((flow) => ({ ...flow, ratio: { ...nothing } }))]),
        '',
        cpuTable([...flows, ...wide]),
        '',
        `With ${count} endpoints and ${links} open tickets: API ${memoryMb.api} MB, worker ${memoryMb.worker} MB, together ${totalMb} MB; the target of ${targetMb} MB is ${totalMb < targetMb ? 'met' : 'missed'}.`,
        'Accepted counts events, delivered and n deliveries. An org may have 500 endpoints, so a thousand are several orgs’.',
      ].join('\n'),
    };
  } finally {
    await product.close();
  }
};

/** It has no baseline. */
const nothing = { accepted: NaN, delivered: NaN, p50: NaN, p99: NaN };

async function openTickets(product: BenchProduct, count: number): Promise<void> {
  const client = await createTicketClient(product, 'tickets');
  try {
    const paths = await client.evidenceRequests(count);
    const queue = async () => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop()) await client.create(path);
    };
    await Promise.all(Array.from({ length: linksAtOnce }, queue));
  } finally {
    await client.close();
  }
}
