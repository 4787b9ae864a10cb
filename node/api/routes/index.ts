import type { Routes } from '../route.ts'
import { accountRoutes } from './accounts.ts'
import { blockRoutes } from './blocks.ts'
import { contractLogRoutes } from './contract-logs.ts'
import { contractViewRoutes } from './contract-views.ts'
import { contractRoutes } from './contracts.ts'
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
  contractRoutes,
  contractViewRoutes,
  contractLogRoutes,
  stateRoutes,
  blockRoutes,
  eventRoutes,
  serviceRoutes,
]
