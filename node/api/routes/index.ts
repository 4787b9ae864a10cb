import type { Routes } from '../route.ts'
import { accountRoutes } from './accounts.ts'
import { blockRoutes } from './blocks.ts'
import { eventRoutes } from './events.ts'
import { receiptRoutes } from './receipts.ts'
import { assetRoutes, memberRoutes, referenceRoutes } from './registry.ts'
import { serviceRoutes } from './service.ts'
import { stateRoutes } from './state.ts'
import { transactionRoutes } from './transactions.ts'

/** Every path of the API. */
export const allRoutes: readonly Routes[] = [
  transactionRoutes,
  receiptRoutes,
  accountRoutes,
  assetRoutes,
  memberRoutes,
  referenceRoutes,
  stateRoutes,
  blockRoutes,
  eventRoutes,
  serviceRoutes,
]
