/** The direction of dependencies: core ← cards ← ports ← usecases ← commands; adapters only towards ports, cards, core (and commands, inbound). */
const layer = (name, path, allowed) => ({
  name,
  severity: 'error',
  comment: `${path} may only import ${allowed}`,
  from: { path },
  to: { path: '^(src|adapters|migrations)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    layer('core-is-pure', '^src/core/', '^src/core/'),
    layer('cards-know-core', '^src/cards/', '^src/(core|cards)/'),
    layer('ports-know-core-and-cards', '^src/ports/', '^src/(core|cards|ports)/'),
    layer('usecases-know-ports', '^src/usecases/', '^src/(core|cards|ports|usecases)/'),
    layer('commands-know-usecases', '^src/commands/', '^src/(core|cards|ports|usecases|commands)/'),
    {
      name: 'core-has-no-io',
      severity: 'error',
      from: { path: '^src/(core|cards)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-sdk-outside-adapters',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/(@slack|discord\\.js|bullmq|ioredis|sequelize|sqlite3|umzug)/' },
    },
    {
      name: 'adapters-not-each-other',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/' },
      to: { path: '^adapters/', pathNot: '^adapters/$1/' },
    },
    {
      name: 'adapters-know-ports-cards-core',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^src/', pathNot: '^src/(core|cards|ports|commands)/' },
    },
    {
      name: 'only-app-knows-adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app\\.ts|app/)' },
      to: { path: '^adapters/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
