export { type ReplayReport, replayNode } from './process/replay-node.ts'
export { type RunningNode, type StartOptions, startNode } from './process/start-node.ts'
