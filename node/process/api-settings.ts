import type { ApiSettings } from '../api/index.ts'
import type { NodeHome } from '../config/index.ts'

/** The API's settings from node.json; faults that callers don't see go to the log, refusals to `onRefusal`. */
export function apiSettings(
  { config, apiTls }: NodeHome,
  log: (line: string) => void,
  onRefusal: (code: string, cause: string) => void,
): ApiSettings {
  const { listen, allowedOrigins, allowedHosts, trustedProxies, limits } = config.api
  return {
    host: listen.host,
    port: listen.port,
    tls: apiTls,
    allowedOrigins,
    allowedHosts,
    trustedProxies,
    limits: limits ?? {},
    onRefusal,
    onFault: ({ route, requestId, error }) =>
      log(`fault in ${route} (${requestId}): ${String((error as Error).stack ?? error)}`),
  }
}
