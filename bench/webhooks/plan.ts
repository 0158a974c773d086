export interface Plan {
  /** A part takes no new round after this. */
  partMs: number;
  rounds: number;
  /** Of each contender, before anything is measured. */
  warmUp: number;
  /** With so many calls at once, so many events in a round. */
  single: { atOnce: number; events: number }[];
  batches: { atOnce: number; perCall: number; events: number }[];
  /** Deliveries that are there before. */
  stored: number;
  endpoints: { links: number; ofAnOrg: number; orgs: number; events: number };
  dead: { rounds: number; events: number; atOnce: number };
}

export const full: Plan = {
  partMs: 20_000,
  rounds: 8,
  warmUp: 2_000,
  single: [
    { atOnce: 1, events: 150 },
    { atOnce: 20, events: 2_000 },
    { atOnce: 100, events: 3_000 },
  ],
  batches: [
    { atOnce: 1, perCall: 100, events: 3_000 },
    { atOnce: 4, perCall: 100, events: 4_000 },
  ],
  stored: 1_000_000,
  endpoints: { links: 1_000, ofAnOrg: 500, orgs: 50, events: 300 },
  dead: { rounds: 30, events: 150, atOnce: 5 },
};

export const short: Plan = {
  partMs: 1_500,
  rounds: 2,
  warmUp: 200,
  single: [
    { atOnce: 1, events: 30 },
    { atOnce: 20, events: 300 },
    { atOnce: 100, events: 600 },
  ],
  batches: [
    { atOnce: 1, perCall: 100, events: 500 },
    { atOnce: 4, perCall: 100, events: 800 },
  ],
  stored: 20_000,
  endpoints: { links: 20, ofAnOrg: 50, orgs: 5, events: 60 },
  dead: { rounds: 2, events: 40, atOnce: 5 },
};
