/** What can be wrong with a node's files, and what to do about it. */
export const storageProblems = {
  STORAGE_DAMAGED: {
    summary: 'A stored record does not match its checksum, and it is not merely an unfinished last write.',
    action:
      'Check the disk. Move `blocks`, `batches` and `state` of the data folder aside, leave `journal` and `reservation` where they are, and start the node again: it fetches the blocks from its peers.',
  },
  JOURNAL_DAMAGED: {
    summary: 'A record of the consensus journal does not match its checksum, so votes of this validator may be lost.',
    action:
      'Check the disk. Move `journal` of the data folder aside, leave `reservation` where it is, and start the node again: it follows its peers, and votes again above the views that it may have voted in.',
  },
  STORAGE_WRONG_LEDGER: {
    summary: 'The file belongs to another ledger.',
    action: 'Give every ledger a data folder of its own, or check which genesis the node was started with.',
  },
  STORAGE_FORMAT_NEWER: {
    summary: 'The file was written by a newer version of the software.',
    action: 'Install that version or a later one; going back is not possible with this data folder.',
  },
  STORAGE_FORMAT_OLDER: {
    summary: 'The file was written by an older version, whose format this one does not read.',
    action: 'Start the older version, or move the data folder aside and let the node fetch the blocks from its peers.',
  },
  STORAGE_FOREIGN_FILE: {
    summary: "The file is not one of the node's, though it has the name of one.",
    action: 'Move the file out of the data folder.',
  },
  STORAGE_RECORD_TOO_LARGE: {
    summary: 'A record is larger than the limit of its file.',
    action: 'This is a fault of the program: report it with the log.',
  },
  STORAGE_OUT_OF_ORDER: {
    summary: 'Blocks were to be stored out of order of their heights.',
    action: 'This is a fault of the program: report it with the log.',
  },
  STORAGE_SYNC_FAILED: {
    summary: 'The disk did not take a write, so nothing later can be relied on.',
    action: 'Free space or replace the disk, then start the node again. A failed write is never tried a second time.',
  },
  STORAGE_CLOSED: {
    summary: 'The file was used after it was closed.',
    action: 'This is a fault of the program: report it with the log.',
  },
  STORAGE_UNREADABLE: {
    summary: 'A file or folder can not be opened.',
    action: 'Give the user that runs the node the right to read and write its data folder.',
  },
  HOME_IN_USE: {
    summary: 'Another process runs on this home.',
    action: 'Stop it first (`tallystick node status` shows it), or start this node in a home of its own.',
  },
  CONSENSUS_KEY_UNSAFE: {
    summary: 'Both records of what the consensus key has signed are lost, so it could contradict itself.',
    action:
      'If `reservation` was moved away, put it back into the data folder. Otherwise retire the key: give the validator a new consensus key, and move its `journal` folder and `reservation` file aside. They are left as they are.',
  },
  CONSENSUS_KEY_IN_USE: {
    summary: 'Another node on this machine votes with the same consensus key; two would be punished as a fraud.',
    action: 'Stop the other node, or give this one a consensus key of its own.',
  },
} as const satisfies Record<string, { readonly summary: string; readonly action: string }>

export type StorageErrorCode = keyof typeof storageProblems

interface StorageErrorDetail {
  readonly file?: string | undefined
  /** Where in the file, in bytes. */
  readonly offset?: number | undefined
  readonly detail?: string
  readonly cause?: unknown
}

/** A file that can't be relied on, or a home that is taken. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode
  readonly file: string | undefined
  readonly offset: number | undefined
  /** What to do. */
  readonly action: string

  constructor(code: StorageErrorCode, { file, offset, detail, cause }: StorageErrorDetail = {}) {
    const place = file === undefined ? '' : `${file}${offset === undefined ? '' : ` at byte ${offset}`}: `
    const { summary, action } = storageProblems[code]
    super(`${place}${summary}${detail === undefined ? '' : ` (${detail})`}`, cause === undefined ? {} : { cause })
    this.code = code
    this.file = file
    this.offset = offset
    this.action = action
  }
}

/** The system's own code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
