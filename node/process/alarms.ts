/** What an operator is told of while the node goes on, and what to do about it. A name stands in the log, in the status and in docs/errors.md. */
export const nodeAlarms = {
  CLOCK_OFF: {
    summary: 'Clocks of this network differ by more than the genesis allows (`clockDriftMaxMs`).',
    action:
      'Set the named clock by NTP. Until then the validator with it can not order anything, and refuses or misjudges what expires.',
  },
  NO_FINALITY: {
    summary: 'There is work, and nothing has become final for a while.',
    action:
      'Start the validators that are named as silent, or mend the links to them; nothing is lost meanwhile. If none is silent, look for other alarms.',
  },
  JOURNAL_LOST: {
    summary: 'The journal is gone, though this key has voted.',
    action:
      'None, if it was moved aside on purpose: the node follows its peers and votes again above its reservation. Otherwise check the disk.',
  },
  CONSENSUS_JOURNAL_DAMAGED: {
    summary: 'Votes may be missing in the journal, so nothing is signed in the views up to the one that is named.',
    action: 'None: the node follows its peers and votes again when they have passed that view.',
  },
  CONSENSUS_EVIDENCE_FOUND: {
    summary: 'A validator has signed two votes that contradict each other.',
    action: 'Ask its operator: its key was copied, or its software is hostile.',
  },
  CONSENSUS_LEADER_EQUIVOCATED: {
    summary: 'A validator has proposed two blocks in one view.',
    action: 'Ask its operator: its key was copied, or its software is hostile.',
  },
  CONSENSUS_PROPOSAL_ROOT_DIFFERS: {
    summary: 'A proposal names other roots than this node computed.',
    action: 'Compare the versions of the two nodes; keep the logs of both.',
  },
} as const satisfies Record<string, { readonly summary: string; readonly action: string }>

export type NodeAlarmCode = keyof typeof nodeAlarms

export interface NodeAlarm {
  readonly code: NodeAlarmCode
  readonly detail: string
}

/** The alarms that last, such as a clock that is off: told in the log when they begin and end. */
export class LastingAlarms {
  readonly #log: (line: string) => void
  readonly #active = new Map<NodeAlarmCode, string>()

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  get active(): NodeAlarm[] {
    return [...this.#active].map(([code, detail]) => ({ code, detail }))
  }

  /** @param detail - What is the matter now; `undefined`: nothing. */
  set(code: NodeAlarmCode, detail: string | undefined): void {
    const before = this.#active.get(code)
    if (detail === undefined) this.#active.delete(code)
    else this.#active.set(code, detail)
    if (before === undefined && detail !== undefined) this.#log(`alarm ${code}: ${detail}. ${nodeAlarms[code].action}`)
    if (before !== undefined && detail === undefined) this.#log(`alarm ${code} is over`)
  }
}
