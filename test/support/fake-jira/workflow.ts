export interface FakeStatus {
  id: string;
  name: string;
  category: 'new' | 'indeterminate' | 'done';
}

export interface FakeTransition {
  id: string;
  name: string;
  /** A status's id. */
  to: string;
  /** Statuses' ids; left out: from everywhere. */
  from?: string[];
  /** What its screen holds besides a comment. */
  screen?: { id: string; name: string; required: boolean }[];
}

/** The first status is where issues begin. */
export interface FakeWorkflow {
  statuses: [FakeStatus, ...FakeStatus[]];
  transitions: FakeTransition[];
  resolutions: { id: string; name: string }[];
}

const resolution = (required: boolean) => ({ id: 'resolution', name: 'Resolution', required });

/** To Do, In Progress, Done; closing asks for a resolution, which may be left out. */
export const plain: FakeWorkflow = {
  statuses: [
    { id: '10000', name: 'To Do', category: 'new' },
    { id: '10001', name: 'In Progress', category: 'indeterminate' },
    { id: '10002', name: 'Done', category: 'done' },
  ],
  transitions: [
    { id: '11', name: 'To Do', to: '10000' },
    { id: '21', name: 'In Progress', to: '10001' },
    { id: '31', name: 'Done', to: '10002', screen: [resolution(false)] },
  ],
  resolutions: [
    { id: '1', name: "Won't Do" },
    { id: '2', name: 'Done' },
  ],
};

/** The same in German, where closing demands a resolution, and none is called Done. */
export const localised: FakeWorkflow = {
  statuses: [
    { id: '20000', name: 'Zu erledigen', category: 'new' },
    { id: '20001', name: 'In Arbeit', category: 'indeterminate' },
    { id: '20002', name: 'Fertig', category: 'done' },
  ],
  transitions: [
    { id: '5', name: 'Anfangen', to: '20001', from: ['20000'] },
    { id: '7', name: 'Abschließen', to: '20002', from: ['20000', '20001'], screen: [resolution(true)] },
    { id: '9', name: 'Wieder öffnen', to: '20000', from: ['20002'] },
  ],
  resolutions: [
    { id: '61', name: 'Erledigt' },
    { id: '62', name: 'Verworfen' },
  ],
};

/** A team-managed project's: closing has no screen, so a resolution is refused. */
export const withoutResolution: FakeWorkflow = {
  ...plain,
  transitions: plain.transitions.map(({ id, name, to }) => ({ id, name, to })),
};

/** No transition leads to a status of the category done. */
export const deadEnd: FakeWorkflow = {
  ...plain,
  transitions: plain.transitions.filter(({ to }) => to !== '10002'),
};
