/** The direction of imports; `npm run imports` prints the chain of a leak. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle hides which of two modules is the lower one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'workflows-are-deterministic',
      comment:
        'Workflow code may reach the SDK, its own files, and modules of src/ that import nothing else at run time.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        reachable: true,
        path: '^(node_modules/(?!@temporalio/(workflow|common)/)|activities/|dev/|test/|bench/)',
        pathNot:
          '^node_modules/(@temporalio/|@standard-schema|nexus-rpc|ms/|long/|proto3-json-serializer|protobufjs|@protobufjs)',
      },
    },
    {
      name: 'workflows-see-pure-modules-only',
      comment: 'Of src/, only these are made for both sides.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '^src/',
        pathNot: '^src/temporal/(search-attributes|task-queues|workflow-ids|workflow-starts)\\.ts$',
      },
    },
    {
      name: 'only-roots-and-workers-know-activities',
      comment: 'Everyone else rings a workflow.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/worker\\.ts$' },
      to: { path: '^activities/' },
    },
    {
      name: 'activities-know-no-http-route',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^src/(http|orgs|setup|health)/' },
    },
    {
      name: 'roots-are-imported-by-nobody',
      severity: 'error',
      from: { path: '^(src|workflows|activities)/' },
      to: { path: '^src/(api|worker)\\.ts$' },
    },
    {
      name: 'providers-know-no-feature',
      comment: 'A tracker is told everything it needs. Routes of the mock, and the words of severities, aside.',
      severity: 'error',
      from: { path: '^src/providers/', pathNot: '^src/providers/mock/routes\\.ts$' },
      to: { path: '^src/(tickets|orgs|evidence-requests|http)/' },
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
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types are gone at run time, and cost nobody anything.
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
