/** What can be wrong with a node's store of executed state; each says what to do. */
export const executorErrors = {
  EXECUTOR_FAILED: {
    summary: 'The thread that executes blocks ended.',
    action:
      'Read the cause in the log, such as a full disk, and remove it. Then start the node: it executes again what it had not.',
  },
  STORE_FORMAT_OTHER: {
    summary: 'The store of executed state was written by another version of the node.',
    action: 'Move the folder "state" away and start again: the node rebuilds it from its blocks.',
  },
  STORE_OF_OTHER_LEDGER: {
    summary: 'The store of executed state belongs to another ledger.',
    action: 'Check which home and genesis the node was started with.',
  },
  STORE_AHEAD_OF_BLOCKS: {
    summary: 'The store of executed state is ahead of the stored blocks.',
    action:
      'The block files were lost or replaced: restore them, or move "state" away and let the node catch up from its peers.',
  },
  STORE_DAMAGED: {
    summary: 'A file of the store of executed state is damaged.',
    action: 'Check the disk. Move the folder "state" away and start again: the node rebuilds it from its blocks.',
  },
  STORE_ROOT_DIFFERS: {
    summary: 'The stored records do not lead to the stored state root.',
    action: 'The store is damaged. Move the folder "state" away and start again: the node rebuilds it from its blocks.',
  },
  CONTRACT_MACHINE_DIFFERS: {
    summary: "The machine that contracts run in is not the network's.",
    action:
      'Install the version of this node that the network runs, with `npm ci`. With another machine it would come to other results than the network.',
  },
} as const
export type ExecutorErrorCode = keyof typeof executorErrors

export class ExecutorError extends Error {
  override readonly name = 'ExecutorError'
  readonly code: ExecutorErrorCode

  constructor(code: ExecutorErrorCode, detail = '') {
    super(`${executorErrors[code].summary}${detail === '' ? '' : ` (${detail})`} ${executorErrors[code].action}`)
    this.code = code
  }
}
