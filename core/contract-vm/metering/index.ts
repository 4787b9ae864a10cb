export { meterModule } from './meter-module.ts'
