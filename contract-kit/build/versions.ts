import { version } from 'esbuild'

/** Of this package; a test compares it with package.json. */
export const kitVersion = '0.1.0'
export const esbuildVersion: string = version
