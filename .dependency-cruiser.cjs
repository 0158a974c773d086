/** The layers of src/, the highest first: each may import the ones after it only, types included. */
const layers = [
  'ops',
  'console',
  'cli',
  'webhooks',
  'escalations',
  'evidence-requests',
  'tickets',
  'integrations',
  'notifications',
  'events',
  'auth',
  'temporal',
  'http',
  'observability',
  'db',
  'config',
  'lib',
];

/** `npm run imports` checks these rules and prints the chain of a leak. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'In a cycle, neither module can be understood without the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layers.slice(1).map((layer, index) => ({
      name: `${layer}-is-below`,
      comment: `src/${layer}/ may import the layers below it only: ${layers.slice(index + 2).join(', ') || 'none'}.`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: `^src/((${layers.slice(0, index + 1).join('|')})/|[^/]+\\.ts$)` },
    })),
    {
      name: 'ops-stands-on-the-services',
      comment: 'Of the files beside the folders, src/ops/ may import the wiring of the services only.',
      severity: 'error',
      from: { path: '^src/ops/' },
      to: { path: '^src/(?!(models|services)\\.ts$)[^/]+\\.ts$' },
    },
    {
      name: 'workflows-are-a-leaf',
      comment: 'Workflow code imports its own files and the SDK only. What both sides need is in workflows/contracts/.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(src|activities|dev|test|bench)/' },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'Of packages, workflow code reaches those of the SDK only.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        reachable: true,
        path: '^node_modules/(?!@temporalio/(workflow|common)/)',
        pathNot:
          '^node_modules/(@temporalio/|@standard-schema|nexus-rpc|ms/|long/|proto3-json-serializer|protobufjs|@protobufjs)',
      },
    },
    {
      name: 'contracts-know-no-workflow',
      severity: 'error',
      from: { path: '^workflows/contracts/' },
      to: { path: '^workflows/(?!contracts/)' },
    },
    {
      name: 'only-contracts-are-shared',
      comment: 'The product knows workflows by their contracts. The worker loads the bundle.',
      severity: 'error',
      from: { path: '^(src|activities)/' },
      to: { path: '^workflows/(?!contracts/)' },
    },
    {
      name: 'only-the-worker-knows-activities',
      comment: 'Everything else wakes a workflow.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/worker\\.ts$' },
      to: { path: '^activities/' },
    },
    {
      name: 'activities-know-no-front-end',
      comment: 'Of src/http/, they may import the outbound client and the type of a caller.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^src/((ops|console|cli|auth|integrations/setup)/|http/(?!client/|caller\\.ts$))' },
    },
    {
      name: 'providers-know-no-routes',
      comment: 'A provider is told everything that it needs. Only the mock has routes.',
      severity: 'error',
      from: { path: '^src/integrations/(?!connections/|setup/|mock/routes\\.ts$)' },
      to: { path: '^src/(auth/|http/(?!client/))' },
    },
    {
      name: 'entry-points-are-imported-by-nobody',
      severity: 'error',
      from: { path: '^(src|workflows|activities)/' },
      to: { path: '^src/(api|worker)\\.ts$' },
    },
    {
      name: 'product-knows-no-tools',
      severity: 'error',
      from: { path: '^(src|workflows|activities)/' },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^(src|workflows|activities)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A type that points up ties two layers together as much as a value does.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
