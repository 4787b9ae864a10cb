/** The version of this build, as the API, the network's hello and `--version` say it. */
export const nodeVersion = '0.1.0'
