import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropOrphans } from '../../src/webhooks/deliveries/orphans.js';
import { anEvent, startPublishing, withInsert, type Publishing } from './publishing-harness.js';

let p: Publishing;
beforeAll(async () => {
  p = await startPublishing();
});
afterAll(() => p.close());

describe('publishing', () => {
  it('stores an event and a delivery that is due', async () => {
    const org = p.newOrg();
    const { _id: endpoint_id } = await p.endpoint(org);
    const event = anEvent(org);
    await expect(p.publisher.append([event])).resolves.toEqual(new Map());
    expect(await p.eventsOf(org)).toEqual([event]);
    expect(await p.deliveriesOf(org)).toEqual([
      {
        _id: expect.stringMatching(/^dlv_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
        org_id: org,
        endpoint_id,
        event_id: event._id,
        event_type: 'export.completed',
        partition: 7,
        endpoint_version: 1,
        status: 'pending',
        attempts: 0,
        failures: 0,
        trigger: 'automatic',
        next_attempt_at: event.created_at,
        epoch: null,
        created_at: event.created_at,
        settled_at: null,
      },
    ]);
  });

  it('delivers to those who want the type, in that org, and are enabled', async () => {
    const [org, other] = [p.newOrg(), p.newOrg()];
    const one = await p.endpoint(org, { events: ['event.created', 'export.completed'] });
    const two = await p.endpoint(org);
    await p.endpoint(org, { events: ['event.created'] });
    await p.endpoint(org, { enabled: false });
    const theirs = await p.endpoint(other);
    const [event, stranger] = [anEvent(org), anEvent(other)];
    await Promise.all([p.publisher.append([event]), p.publisher.append([stranger])]);
    expect(await p.waysOf(org)).toEqual([one, two].map(({ _id }) => `${event._id} → ${_id}`).sort());
    expect(await p.waysOf(other)).toEqual([`${stranger._id} → ${theirs._id}`]);
  });

  it('stores nothing for nothing', async () => {
    await expect(p.publisher.append([])).resolves.toEqual(new Map());
  });

  it('delivers an event of an org without endpoints to nobody', async () => {
    const org = p.newOrg();
    await p.publisher.append([anEvent(org)]);
    expect(await p.eventsOf(org)).toHaveLength(1);
    expect(await p.deliveriesOf(org)).toEqual([]);
  });

  it('takes more at once than go into one group', async () => {
    const org = p.newOrg();
    await p.endpoint(org);
    const events = Array.from({ length: 1_000 }, () => anEvent(org));
    await p.publisher.append(events);
    expect(await p.eventsOf(org)).toHaveLength(1_000);
    expect(await p.waysOf(org)).toHaveLength(1_000);
  });

  it('tells of what was there already, and leaves no delivery of it', async () => {
    const org = p.newOrg();
    const { _id } = await p.endpoint(org);
    const [first, again, fresh] = [
      anEvent(org, { sourceId: 'a' }),
      anEvent(org, { sourceId: 'a' }),
      anEvent(org, { sourceId: 'b' }),
    ];
    await p.publisher.append([first]);
    await expect(p.publisher.append([again, fresh])).resolves.toEqual(new Map([[again._id, first._id]]));
    expect(await p.waysOf(org)).toEqual([first, fresh].map((event) => `${event._id} → ${_id}`).sort());
  });

  it('takes the same source id in two orgs for two events', async () => {
    const [org, other] = [p.newOrg(), p.newOrg()];
    const both = [anEvent(org, { sourceId: 'a' }), anEvent(other, { sourceId: 'a' })];
    const answers = await Promise.all(both.map((event) => p.publisher.append([event])));
    expect(answers).toEqual([new Map(), new Map()]);
  });

  it('gives an event whose call died before its deliveries what it lacks, when it is sent again', async () => {
    const org = p.newOrg();
    const { _id } = await p.endpoint(org);
    const [event, again] = [anEvent(org, { sourceId: 'a' }), anEvent(org, { sourceId: 'a' })];
    const dying = p.publisherWith({ deliveries: withInsert(p.deliveries, () => Promise.reject(new Error('died'))) });
    await expect(dying.append([event])).rejects.toThrow('died');
    expect(await p.eventsOf(org)).toEqual([event]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    // It was made after the event: nothing of this is for it.
    await p.endpoint(org);
    await expect(p.publisher.append([again])).resolves.toEqual(new Map([[again._id, event._id]]));
    expect(await p.waysOf(org)).toEqual([`${event._id} → ${_id}`]);
  });

  it('makes no second delivery when a request is repeated after a crash', async () => {
    const org = p.newOrg();
    const { _id } = await p.endpoint(org);
    const event = anEvent(org);
    const crashing = p.publisherWith({ events: withInsert(p.events, () => Promise.reject(new Error('crashed'))) });
    await expect(crashing.append([event])).rejects.toThrow('crashed');
    expect(await p.eventsOf(org)).toEqual([]);
    // Its ids are the same; it comes later.
    const repeated = { ...event, created_at: new Date(event.created_at.getTime() + 5_000) };
    await expect(p.publisher.append([repeated])).resolves.toEqual(new Map());
    await expect(p.publisher.append([repeated])).resolves.toEqual(new Map([[event._id, event._id]]));
    expect(await p.waysOf(org)).toEqual([`${event._id} → ${_id}`]);
  });
});

describe('an endpoint', () => {
  /** Others' calls that are on their way meanwhile. */
  async function underLoad(org: string, work: () => Promise<void>): Promise<void> {
    let goesOn = true;
    const queues = Array.from({ length: 8 }, async () => {
      while (goesOn) await p.publisher.append([anEvent(org)]);
    });
    try {
      await work();
    } finally {
      goesOn = false;
      await Promise.all(queues);
    }
  }

  it('gets each event that comes after it was made, and none after it was disabled or deleted', async () => {
    const org = p.newOrg();
    await underLoad(org, async () => {
      for (let round = 0; round < 10; round++) {
        const endpoint = await p.endpoint(org);
        const [wanted, unwanted] = [anEvent(org), anEvent(org)];
        await p.publisher.append([wanted]);
        await (round % 2 === 0 ? p.endpoints.disable(endpoint._id, 'gone') : p.endpoints.remove(org, endpoint._id));
        await p.publisher.append([unwanted]);
        const ways = await p.waysOf(org);
        expect(ways).toContain(`${wanted._id} → ${endpoint._id}`);
        expect(ways).not.toContain(`${unwanted._id} → ${endpoint._id}`);
      }
    });
  });
});

describe('a failure', () => {
  const cyclic = () => {
    const raise: Record<string, unknown> = {};
    raise.self = raise;
    return raise as never;
  };

  it('of one event meets its own call only', async () => {
    const org = p.newOrg();
    const { _id } = await p.endpoint(org);
    const good = Array.from({ length: 9 }, () => anEvent(org));
    const bad = { ...anEvent(org), raise: cyclic() };
    const calls = [...good.slice(0, 4), bad, ...good.slice(4)];
    const answers = await Promise.allSettled(calls.map((event) => p.publisher.append([event])));
    expect(answers.map(({ status }) => status)).toEqual(
      calls.map((event) => (event === bad ? 'rejected' : 'fulfilled')),
    );
    expect(await p.eventsOf(org)).toHaveLength(9);
    expect(await p.waysOf(org)).toEqual(expect.arrayContaining(good.map((event) => `${event._id} → ${_id}`)));
  });

  it('of a group that was stored all the same leaves its events new: what they raise is to be raised', async () => {
    const org = p.newOrg();
    const events = withInsert(p.events, async (insert, docs) => {
      await insert();
      if (docs.length > 1) throw new Error('its answer is lost');
    });
    const publisher = p.publisherWith({ events });
    const answers = await Promise.all([1, 2, 3].map(() => publisher.append([anEvent(org)])));
    expect(answers).toEqual([new Map(), new Map(), new Map()]);
    expect(await p.eventsOf(org)).toHaveLength(3);
  });

  it('of one event meets its own call only, when it is too large for MongoDB', async () => {
    const org = p.newOrg();
    const large = anEvent(org, { data: JSON.stringify({ text: 'x'.repeat(17 * 1024 * 1024) }) });
    const answers = await Promise.allSettled([anEvent(org), large].map((event) => p.publisher.append([event])));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await p.eventsOf(org)).toHaveLength(1);
  });

  it('of MongoDB meets all, is not tried again in parts, and accepts nothing', async () => {
    const org = p.newOrg();
    await p.endpoint(org);
    let inserts = 0;
    const away = Object.assign(new Error('away'), { name: 'MongoNetworkError' });
    const events = withInsert(p.events, () => {
      inserts += 1;
      return Promise.reject(away);
    });
    const publisher = p.publisherWith({ events });
    const answers = await Promise.allSettled([1, 2, 3].map(() => publisher.append([anEvent(org)])));
    expect(answers.map((one) => one.status === 'rejected' && one.reason === away)).toEqual([true, true, true]);
    expect(inserts).toBe(1);
    expect(await p.eventsOf(org)).toEqual([]);
  });

  it('to read the endpoints accepts nothing', async () => {
    const org = p.newOrg();
    const publisher = p.publisherWith({ endpoints: { forEvents: () => Promise.reject(new Error('unread')) } });
    await expect(publisher.append([anEvent(org)])).rejects.toThrow('unread');
    expect(await p.eventsOf(org)).toEqual([]);
  });

  it('to find what an event is a duplicate of is not taken for its acceptance', async () => {
    const org = p.newOrg();
    const stored = anEvent(org);
    await p.publisher.append([stored]);
    // The id is taken, by another event.
    await expect(p.publisher.append([anEvent(org, { id: stored._id, sourceId: 'x' })])).rejects.toThrow('duplicate');
  });
});

describe('the pump, when it drops deliveries whose events have not come,', () => {
  /** Drops all of an org at the moment its events are stored. */
  const dropping = (org: string) =>
    p.publisherWith({
      events: withInsert(p.events, async (insert) => {
        await p.deliveries.deleteMany({ org_id: org });
        return insert();
      }),
    });

  it('cannot take any from an event that is stored very slowly', async () => {
    const org = p.newOrg();
    const { _id } = await p.endpoint(org);
    const event = anEvent(org, { at: new Date(Date.now() - 25_000) });
    await dropping(org).append([event]);
    expect(await p.waysOf(org)).toEqual([`${event._id} → ${_id}`]);
  });

  it('cannot take any from an event whose request is repeated long after a crash', async () => {
    const org = p.newOrg();
    const { _id } = await p.endpoint(org);
    const event = anEvent(org);
    const crashing = p.publisherWith({ events: withInsert(p.events, () => Promise.reject(new Error('crashed'))) });
    await expect(crashing.append([event])).rejects.toThrow('crashed');
    await dropping(org).append([event]);
    expect(await p.waysOf(org)).toEqual([`${event._id} → ${_id}`]);
  });

  it('puts one back whose event has come after it looked', async () => {
    const org = p.newOrg();
    const { _id } = await p.endpoint(org);
    const [come, lost] = [anEvent(org), anEvent(org)];
    await p.publisher.append([come, lost]);
    await p.events.deleteOne({ _id: lost._id });
    const claimed = { epoch: 3, next_attempt_at: new Date(Date.now() + 60_000) };
    await p.deliveries.updateMany({ org_id: org }, { $set: claimed });
    const ids = (await p.deliveriesOf(org)).map((delivery) => delivery._id);
    await dropOrphans(p, { _id: ids, epoch: 3 });
    expect(await p.waysOf(org)).toEqual([`${come._id} → ${_id}`]);
    expect(await p.deliveriesOf(org)).toMatchObject([{ status: 'pending', epoch: null }]);
  });
});
