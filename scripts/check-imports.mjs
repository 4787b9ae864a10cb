// Checks the import rules of .dependency-cruiser.cjs, and that the tool parsed something: with no parser it finds no
// module, reports nothing and exits 0.
import { spawnSync } from 'node:child_process'

const run = spawnSync(
  'npx',
  [
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'core',
    'iso20022',
    'client',
    'node',
    'cli',
    'simulator',
    'contract-kit',
    'contracts',
  ],
  { encoding: 'utf8', maxBuffer: 1 << 28 },
)
const report = JSON.parse(run.stdout)
const { totalCruised, totalDependenciesCruised, violations } = report.summary
for (const v of violations) console.log(`${v.rule.severity} ${v.rule.name}: ${v.from} -> ${v.to}`)
console.log(
  `import rules: ${totalCruised} modules, ${totalDependenciesCruised} imports, ${violations.length} violations`,
)
if (totalCruised < 20 || totalDependenciesCruised < 20) {
  console.log('import rules: too few modules were parsed for the result to mean anything')
  process.exit(1)
}
process.exit(violations.some((v) => v.rule.severity === 'error') ? 1 : 0)
