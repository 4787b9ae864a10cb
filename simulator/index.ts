export { Oracles, OracleViolation } from './oracles.ts'
export { runSeed } from './run.ts'
export { type Scenario, scenarioOf } from './scenario.ts'
export { type Outcome, Simulation } from './simulation.ts'
