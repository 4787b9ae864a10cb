export { createNodeMetrics, type MetricSources, type NodeMetrics } from './node-metrics.ts'
