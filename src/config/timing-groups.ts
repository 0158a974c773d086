import { z } from 'zod';

/** Node's timers take no more. */
const maxMs = 2 ** 31 - 1;

const whole = (min: number, max: number, unit = '') => {
  const message = `must be a whole number${unit} from ${min} to ${max}`;
  return z
    .number({ error: message })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, message);
};
const duration = (min = 10, max = maxMs) => whole(min, max, ' of milliseconds');
const ms = (fallback: number, min?: number, max?: number) => duration(min, max).default(fallback);
const delaysMs = (fallback: number[]) =>
  z
    .array(duration(), { error: 'must be a list of milliseconds' })
    .min(1, 'must have one delay or more')
    .max(20, 'must have 20 delays or less')
    .readonly()
    .prefault(fallback);

const refusal: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'unrecognized_keys' ? `has unknown names: ${issue.keys.join(', ')}` : 'must be a JSON object';
const strict = { error: refusal };
/** Everything in a group has a default, so an empty one is valid; the compiler can't see that of any shape. */
const group = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z
    .strictObject(shape, strict)
    .readonly()
    .prefault({} as never);

const minute = 60_000;
const day = 24 * 60 * minute;

const shape = {
  /** The sweep wakes ticket workflows for work that a crash or an outage left behind. It runs in every worker. */
  sweep: group({
    /** Between two rounds of the sweep. */
    everyMs: ms(5_000),
    /** A link that the sweep woke is left to its workflow for this long; a lost wake-up costs as much. */
    leaseMs: ms(10_000),
    /** How long the call that accepted a command has to wake the workflow itself before the sweep does. */
    graceMs: ms(10_000),
    /** How long after a planned retry of a tracker the sweep checks whether that retry was made. */
    retryGraceMs: ms(minute),
  }),

  /** The dispatcher wakes workflows for escalations, events, notifications and unhealthy endpoints that are due. */
  dispatch: group({
    /** Between two reads that find nothing due. */
    everyMs: ms(250),
    /** What was dispatched is left to its workflow for this long; a lost wake-up costs as much. */
    leaseMs: ms(10_000),
    /** How long a round pauses after Temporal did not take a call. */
    temporalDownMs: ms(5_000),
    /** How long the API call that accepted an event has to raise its escalations before the dispatcher does. */
    eventGraceMs: ms(10_000),
    /** How long the call that changed an escalation has to wake the workflow itself before the dispatcher does. */
    escalationGraceMs: ms(10_000),
    /** How long after an SLA time the dispatcher checks whether the workflow noticed it. */
    slaGraceMs: ms(30_000),
    /** How long after its due time a notification counts as abandoned. A try takes seconds. */
    notificationGraceMs: ms(2 * minute),
    /** How long after its planned time an endpoint's workflow counts as gone. */
    endpointGraceMs: ms(minute),
  }),

  /** Workers announce in MongoDB that they poll; API, doctor and pumps read it. */
  presence: group({
    /** Between two announcements of one worker. */
    everyMs: ms(2_000),
    /** A worker counts as polling until its last announcement is this old. Longer than three announcements. */
    aliveMs: ms(7_000),
    /** How long the API reuses the answer to "does a worker poll?" without asking again. */
    freshMs: ms(1_000),
    /** How long it reuses the answer that no worker polls: one may have just started. */
    absentMs: ms(100),
    /** How long it reuses a positive answer while the next one is on its way. At least `freshMs`. */
    usableMs: ms(5_000),
  }),

  /** Workflows, on whichever worker. */
  workflows: group({
    /**
     * A workflow task waits this long for the worker that has the workflow in memory before any worker may take it: what a
     * killed worker had in memory stands still for as long.
     */
    stickyTimeoutMs: ms(10_000),
  }),

  /** Activities of tickets, escalations, notifications, endpoints and polls. */
  activities: group({
    /** Between two heartbeats of an activity. */
    heartbeatEveryMs: ms(2_000),
    /** The SDK sends at most one heartbeat in this time. */
    heartbeatThrottleMs: ms(2_000),
    /**
     * An activity without a heartbeat for this long is given to another worker. At least twice `heartbeatEveryMs` and
     * `heartbeatThrottleMs` together. Workflows that run already keep the value that they were started with.
     */
    heartbeatTimeoutMs: ms(10_000),
    /** When an activity that failed because of MongoDB is tried again. */
    storeRetryMs: ms(5_000),
  }),

  /** The delivery pumps: which worker has a pump, and what it has claimed. */
  pump: group({
    /** Between two checks that each pump has its workflow. */
    checkEveryMs: ms(10_000),
    /** How long one activity pumps before the next one begins, perhaps on another worker. */
    termMs: ms(minute),
    /** Between two heartbeats of a pump. */
    heartbeatEveryMs: ms(500),
    /** The SDK sends at most one heartbeat of a pump in this time. */
    heartbeatThrottleMs: ms(1_500),
    /**
     * A pump without a heartbeat for this long is given to another worker. At least twice `heartbeatEveryMs` and
     * `heartbeatThrottleMs` together, and longer than `activities.heartbeatEveryMs` and the throttle. Pumps that run
     * already keep the value that they were started with.
     */
    heartbeatTimeoutMs: ms(6_000),
    /** A turn of a pump that takes longer hangs, and sends no more heartbeats. Longer than `mongodb.socketMs`. */
    stuckAfterMs: ms(40_000),
    /** How long a lease on a pump holds without being renewed. Longer than two renewals, for one of them may fail. */
    leaseMs: ms(5_000),
    /** Between two renewals of that lease. */
    renewEveryMs: ms(2_000),
    /** How long a claim on a delivery holds without being renewed. Longer than two renewals. */
    claimMs: ms(minute),
    /** A claim is renewed when it is this old. */
    renewClaimAfterMs: ms(20_000),
    /** How long a pump that ends waits for what is in flight, storing the outcomes included. */
    drainMs: ms(5_000),
    /** A delivery whose event has not appeared after this time is dropped: the call that brought it has failed. */
    orphanAfterMs: ms(10_000),
    /**
     * A publisher that stores an event later than this after its deliveries inserts those again, for they may have been
     * dropped. At most half of `orphanAfterMs`.
     */
    publishWithinMs: ms(5_000),
    /** When a pump that failed because of MongoDB is tried again. */
    storeRetryMs: ms(1_000),
  }),

  /** The health of webhook endpoints: when a breaker opens, and how an endpoint is probed and released. */
  health: group({
    /** Between two writes of what was counted, and between two reads of what other processes opened and closed. */
    everyMs: ms(1_000),
    /** An endpoint that goes on answering is written down this often. */
    calmMs: ms(20_000),
    /** So many failed attempts in a row open the breaker, when they span `opensOverMs`. */
    opensAfter: whole(1, 1_000_000).default(10),
    /** The last of those attempts comes at least this long after the first. */
    opensOverMs: ms(minute, 0),
    /** From the opening of a breaker to the first probe, from there to the second, and so on; the last one repeats. */
    probeDelaysMs: delaysMs([0.5 * minute, minute, 2 * minute, 5 * minute, 10 * minute]),
    /** How long one step of releasing parked deliveries has before the next one begins. */
    releaseStepMs: ms(minute),
    /** After this time no pump takes a closed breaker for open any more. Longer than two of `everyMs`. */
    lateMs: ms(3_000),
    /** Failures that span this long disable the endpoint. */
    disableAfterMs: ms(5 * day),
  }),

  /** Retries of calls to trackers and channels. */
  retries: group({
    /** Before the second try; it doubles with each one that follows. */
    firstMs: ms(1_000),
    /** It never gets longer than this. At least `firstMs`. */
    maxMs: ms(5 * minute),
  }),

  /** Ticket workflows, and what they do at trackers. */
  tickets: group({
    /** A closed ticket's workflow stays this long for late comments and replies. */
    closedLingerMs: ms(7 * day),
    /**
     * A command older than this is looked up at the tracker before it is sent, for a workflow that is gone may have sent
     * it. Shorter than `sweep.graceMs`: what the sweep recovers is always looked up.
     */
    lookUpAfterMs: ms(3_000),
  }),

  /** Calls to Jira and ServiceNow. */
  trackers: group({
    /** When a ticket whose creation got no answer is searched for, counted from the call. Ascending. */
    lookAfterMs: delaysMs([1_000, 2_000, 4_000, 8_000, 15_000]),
    /** When it is searched for the last time, and created again. Longer than the tracker's search lags. */
    createAgainAfterMs: ms(30_000),
    /** How long refused credentials are not tried again. */
    refusedMs: ms(minute),
    /** How long a process believes that a tracker's breaker is closed before it reads the state again. */
    believedMs: ms(1_000),
    /** The first call to a tracker goes alone; others wait for it no longer than this. */
    firstCallMs: ms(5_000),
    /** So many timeouts, connection errors and 5xx in a row, within one worker, and the tracker counts as unreachable. */
    unreachableAfter: whole(1, 1_000).default(5),
    /** From then to the first call that is let through, from that one to the second, and so on; the last one repeats. */
    probeDelaysMs: delaysMs([5_000, 10_000, 20_000, 40_000, minute]),
    /** Such a call is taken for lost after this time. Longer than any call of a provider takes. */
    probeLeaseMs: ms(2 * minute),
    /** How many calls to one tracker a worker makes at once. Others are put off: a tracker that hangs must not take every slot. */
    maxCallsAtOnce: whole(1, 200).default(40),
    /** For how long they are put off. */
    busyRetryMs: ms(5_000),
  }),

  /** The Schedules that poll trackers. */
  schedules: group({
    /** Between two comparisons of the wanted Schedules with those on record. */
    checkEveryMs: ms(10_000),
    /** A Schedule that an operator deleted in Temporal is made again after this time. */
    recheckAfterMs: ms(10 * minute),
  }),

  /** What a poll of a tracker reads. */
  polls: group({
    /** How far each poll reaches back behind the last one: the tracker's search may lag by this much. */
    overlapMs: ms(2 * minute),
    /** How far the first poll of a tracker reaches back. */
    firstLookBackMs: ms(10 * minute),
    /** A ticket that changed less than this ago is read again, for it may change again within the same second. */
    settledAfterMs: ms(10_000),
  }),

  /** Look-ups of the names of receivers, channels and connections. */
  dns: group({
    /** How long a look-up may take, search domains included. */
    lookUpMs: ms(5_000),
    /** How long a name server has for the first try of a query. The second try, the last, has twice as long. */
    tryMs: ms(1_500),
    /** Records are kept for their TTL, at least this long. */
    minTtlMs: ms(1_000, 0),
    /** And at most this long. */
    maxTtlMs: ms(5 * minute),
    /** How long it is remembered that there is no such name. */
    notFoundMs: ms(10_000, 0),
    /** How long it is remembered that a look-up failed. */
    failedMs: ms(5_000, 0),
    /** How many look-ups of one org may be under way in a process; more wait. */
    maxPerOrg: whole(1, 10_000).default(16),
  }),

  /** Answers that are kept for an Idempotency-Key. */
  idempotency: group({
    /** A request that stopped renewing is taken over by its repetition after this time. It renews three times as often. */
    leaseMs: ms(15_000, 300),
  }),

  /** The audit log. */
  audit: group({
    /** Between two looks for calls that were interrupted before their entry was complete. */
    recoverEveryMs: ms(10_000),
    /** A call whose entry isn't complete after this time is taken for interrupted. Longer than any call takes. */
    interruptedAfterMs: ms(5 * minute),
  }),

  /** Calls to Temporal. */
  temporal: group({
    /** The deadline of starts, signals and Schedule calls. */
    callTimeoutMs: ms(5_000),
    /** After a call that failed, no API call waits for a workflow for this long. At least `callTimeoutMs`. */
    distrustMs: ms(5_000),
    /** An API call that has waited this long for a workflow checks whether Temporal answers at all. */
    patienceMs: ms(1_000),
    /** The deadline of that check. */
    pingTimeoutMs: ms(1_000),
    /** How long a worker that starts waits for Temporal to appear. */
    connectForMs: ms(2 * minute),
    /** Between two of its tries. */
    connectEveryMs: ms(1_000),
  }),

  /** The MongoDB driver. */
  mongodb: group({
    /** How long an operation waits for a primary before it fails: API calls then answer 503. */
    serverSelectionMs: ms(5_000),
    /** How long the driver waits for a connection to open. */
    connectMs: ms(5_000),
    /** How long it waits for an answer. A pump's turn may take as long: see `pump.stuckAfterMs`. */
    socketMs: ms(30_000),
    /** How long a write waits for a majority of the members before the call fails. Shorter than `socketMs`. */
    writeConcernMs: ms(8_000),
    /** How long an operation waits for a free connection of the pool. */
    waitQueueMs: ms(5_000),
  }),

  /** How long a process that was told to stop waits for what is under way. The grace periods in deploy/ depend on it. */
  shutdown: group({
    /** The API: until running requests are cut off. Longer than `idleConnectionsMs`. */
    requestsMs: ms(10_000),
    /** The API: how long idle connections stay open, for a request may be on its way. */
    idleConnectionsMs: ms(1_000, 0),
    /** A worker: until running activities are cancelled. */
    activitiesGraceMs: ms(10_000, 0),
    /** A worker: until they are abandoned. Longer than `activitiesGraceMs`. */
    activitiesForceMs: ms(20_000),
    /** A worker: until a pump is abandoned. Longer than `pump.drainMs`. */
    pumpForceMs: ms(10_000),
  }),

  /** What operators and probes look at. */
  observability: group({
    /** How long the numbers that `/metrics` reads from MongoDB are reused. */
    backlogFreshMs: ms(5_000),
    /** Between two updates of HEALTH_FILE. The health check in the image takes one that is a minute old for dead. */
    healthFileEveryMs: ms(5_000, 10, 20_000),
    /** The deadline of each check of `/readyz`. */
    readinessTimeoutMs: ms(2_000),
    /** The deadline of its call to Temporal. Shorter than `readinessTimeoutMs`. */
    readinessTemporalMs: ms(1_500),
  }),

  /** The console's pages. */
  console: group({
    /** Between two reads of the queue for open pages. */
    liveEveryMs: ms(5_000),
  }),
};

export const timingGroups = z.strictObject(shape, strict).readonly();

/** Validated and frozen. */
export type Timings = z.output<typeof timingGroups>;
