import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { contractBuildCommand } from './contract-build.ts'
import { contractCallCommand } from './contract-call.ts'
import { contractDeployCommand } from './contract-deploy.ts'
import { contractFundCommand } from './contract-fund.ts'
import { contractListCommand } from './contract-list.ts'
import { contractLogsCommand } from './contract-logs.ts'
import { contractNewCommand } from './contract-new.ts'
import { contractShowCommand } from './contract-show.ts'
import { contractStatusCommand } from './contract-status.ts'
import { contractTestCommand } from './contract-test.ts'
import { contractUpgradeCommand } from './contract-upgrade.ts'
import { contractVerifyCommand } from './contract-verify.ts'
import { contractViewCommand } from './contract-view.ts'

export function contractCommands(parent: Command, runtime: Runtime): void {
  contractNewCommand(parent, runtime)
  contractTestCommand(parent, runtime)
  contractBuildCommand(parent, runtime)
  contractDeployCommand(parent, runtime)
  contractCallCommand(parent, runtime)
  contractViewCommand(parent, runtime)
  contractLogsCommand(parent, runtime)
  contractShowCommand(parent, runtime)
  contractListCommand(parent, runtime)
  contractUpgradeCommand(parent, runtime)
  contractFundCommand(parent, runtime)
  contractStatusCommand(parent, runtime, {
    name: 'pause',
    status: 'paused',
    summary: 'pause a contract: it is not called, its bookings wait; its member signs',
  })
  contractStatusCommand(parent, runtime, {
    name: 'resume',
    status: 'active',
    summary: 'let a paused contract go on; its member signs',
  })
  contractVerifyCommand(parent, runtime)
}
