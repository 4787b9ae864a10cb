// The import rules of docs/ARCHITECTURE.md. In each list a module imports only from those before it.
const core = ['codec', 'crypto', 'protocol', 'consensus', 'contract-vm', 'ledger']
const node = [
  'storage',
  'keys',
  'config',
  'network',
  'verifier',
  'mempool',
  'executor',
  'simplex',
  'api',
  'application',
  'metrics',
  'process',
]

/** One rule per module: it may not import from those after it. */
function pointDown(folder, modules) {
  return modules.slice(0, -1).map((name, i) => ({
    name: `${folder}-${name}-points-down`,
    severity: 'error',
    from: { path: `^${folder}/${name}/` },
    to: { path: `^${folder}/(${modules.slice(i + 1).join('|')})/` },
  }))
}

const tests = '\\.test\\.ts$|/testing/'

module.exports = {
  forbidden: [
    ...pointDown('core', core),
    ...pointDown('node', node),
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: tests },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-is-pure',
      comment: "Core runs in browsers: only its Node runtime may use Node's modules.",
      severity: 'error',
      from: { path: '^core/', pathNot: `^core/crypto/runtime/node/|${tests}` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-imports-nothing-above',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(node|client|cli|iso20022|simulator)/' },
    },
    {
      name: 'client-imports-core-only',
      severity: 'error',
      from: { path: '^client/', pathNot: tests },
      to: { path: '^(node|cli|iso20022|simulator)/' },
    },
    {
      name: 'client-runs-in-browsers',
      severity: 'error',
      from: { path: '^client/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'iso20022-stands-alone',
      severity: 'error',
      from: { path: '^iso20022/', pathNot: tests },
      to: { path: '^(core|node|client|cli|simulator)/' },
    },
    {
      name: 'node-imports-core-only',
      severity: 'error',
      from: { path: '^node/', pathNot: tests },
      to: { path: '^(client|cli|iso20022|simulator)/' },
    },
    {
      name: 'simulator-imports-core-only',
      severity: 'error',
      from: { path: '^simulator/', pathNot: tests },
      to: { path: '^(client|cli|iso20022|node)/' },
    },
    {
      name: 'contracts-run-anywhere',
      comment: "What a contract imports is bundled into it: neither Node's modules nor the ledger's code.",
      severity: 'error',
      from: { path: '^contract-kit/', pathNot: `^contract-kit/(build|local|client)/|${tests}` },
      to: { path: '^(core|client|cli|node|iso20022|simulator)/|^contract-kit/(build|local|client)/' },
    },
    {
      name: 'contract-kit-is-pure',
      severity: 'error',
      from: { path: '^contract-kit/', pathNot: `^contract-kit/(build|local)/|${tests}` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contracts-import-the-kit-only',
      severity: 'error',
      from: { path: '^contracts/', pathNot: tests },
      to: { path: '^(core|client|cli|node|iso20022|simulator)/|^contract-kit/(build|local)/' },
    },
    {
      name: 'contract-kit-tools-import-core-only',
      severity: 'error',
      from: { path: '^contract-kit/(build|local)/', pathNot: tests },
      to: { path: '^(client|cli|node|iso20022|simulator|contracts)/' },
    },
    {
      name: 'contract-client-runs-in-browsers',
      severity: 'error',
      from: { path: '^contract-kit/client/', pathNot: tests },
      to: { path: '^(cli|node|iso20022|simulator|contracts)/|^contract-kit/(build|local)/' },
    },
    { name: 'resolvable', severity: 'error', from: { pathNot: tests }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'node', 'import', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
}
