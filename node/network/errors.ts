/** What can end or prevent a connection, and what to do about it. */
export const networkProblems = {
  NETWORK_PORT_IN_USE: {
    summary: 'Another program listens on the port of the peer network.',
    action: 'Stop the other program, or set another port in node.json and tell the peers.',
  },
  NETWORK_PORT_FORBIDDEN: {
    summary: 'The system does not let this user listen on the port of the peer network.',
    action: 'Choose a port of 1024 or above in node.json.',
  },
  NETWORK_ADDRESS_UNKNOWN: {
    summary: 'This machine does not have the address that the peer network is to listen on.',
    action: 'Set an address of this machine in node.json, or 0.0.0.0 for all of them.',
  },
  NETWORK_LISTEN_FAILED: {
    summary: 'The peer network can not listen.',
    action: 'See the cause; check the address and port in node.json.',
  },
  NETWORK_UNKNOWN_KEY: {
    summary: 'A connection showed a key that is not in the registry, or not the one of the peer that was dialled.',
    action:
      "Check the peer's address and node key in node.json; a stranger that tries is turned away and needs no action.",
  },
  NETWORK_HANDSHAKE_FAILED: {
    summary: 'No TLS 1.3 connection came about.',
    action: 'Check that the address is the peer port of a node, and that nothing between the nodes ends TLS.',
  },
  NETWORK_HANDSHAKE_TIMEOUT: {
    summary: 'A connection did not say hello in time.',
    action: 'None, unless it is a peer: then check the link to it.',
  },
  NETWORK_TOO_MANY_PENDING: {
    summary: 'Too many connections had not shown a known key yet.',
    action: 'If it lasts, let a firewall admit the peers alone.',
  },
  NETWORK_WRONG_LEDGER: {
    summary: 'The peer belongs to another ledger.',
    action: 'Compare the genesis files of the two nodes.',
  },
  NETWORK_VERSION_MISMATCH: {
    summary: 'The peer speaks another version of the network protocol.',
    action: 'Bring both nodes to versions that speak the same one.',
  },
  NETWORK_WRONG_CHANNEL: {
    summary: 'The peer asked for a channel that does not exist here.',
    action: 'Bring both nodes to the same version.',
  },
  NETWORK_FRAME_TOO_LARGE: {
    summary: 'The peer announced a frame above the limit.',
    action: 'Tell the operator of the peer: its software is faulty or hostile.',
  },
  NETWORK_FRAME_MALFORMED: {
    summary: 'The peer sent what is no frame of the protocol.',
    action: 'Tell the operator of the peer: its software is faulty or hostile.',
  },
  NETWORK_SILENT: {
    summary: 'Nothing was heard of the peer for too long.',
    action: 'Check the link to it and whether it runs.',
  },
  NETWORK_STALLED: {
    summary: 'The peer took no messages for too long.',
    action: 'Check the link to it and whether its machine keeps up.',
  },
  NETWORK_DUPLICATE: {
    summary: 'Both nodes had dialled; one of the two connections was closed.',
    action: 'None.',
  },
  NETWORK_REFUSED: {
    summary: 'The peer was disconnected on purpose a moment ago and is refused for a while.',
    action: "See this node's log for the reason of the disconnection.",
  },
  NETWORK_TURNED_AWAY: {
    summary: 'The peer ended the connection on purpose.',
    action: "Ask the peer's operator for the reason in its log.",
  },
  PEER_MISBEHAVED: {
    summary: 'The peer broke a rule of the consensus protocol.',
    action: 'See the log for the rule; tell the operator of the peer: its software is faulty or hostile.',
  },
  CONSENSUS_MESSAGE_MALFORMED: {
    summary: 'The peer sent what is no message of the consensus channel.',
    action: 'Bring both nodes to the same version; otherwise the software of the peer is faulty or hostile.',
  },
  DATA_MESSAGE_MALFORMED: {
    summary: 'The peer sent what is no message of the data channel.',
    action: 'Bring both nodes to the same version; otherwise the software of the peer is faulty or hostile.',
  },
  BATCH_MALFORMED: {
    summary: 'The peer sent a batch that can not be read.',
    action: 'Bring both nodes to the same version; otherwise the software of the peer is faulty or hostile.',
  },
  BATCH_TOO_LARGE: {
    summary: 'The peer sent a batch that is larger than the protocol allows.',
    action: 'The software of that node is faulty or hostile: tell its operator.',
  },
  BATCH_OF_OTHER_LEDGER: {
    summary: 'The peer sent a batch of another ledger.',
    action: 'The software of that node is faulty or hostile: tell its operator.',
  },
  BATCH_BAD_SIGNATURE: {
    summary: 'The peer sent a batch that its author did not sign.',
    action: 'The software of that node is faulty or hostile: tell its operator.',
  },
  BATCH_SUMS_WRONG: {
    summary: 'The peer sent a batch that is not what its header says.',
    action: 'The software of that node is faulty or hostile: tell its operator.',
  },
  BATCH_BAD_TRANSACTION: {
    summary: 'The peer sent a batch with a transaction that is not valid.',
    action: 'The software of that node is faulty or hostile: tell its operator.',
  },
  NETWORK_STOPPED: { summary: 'One of the two nodes stopped.', action: 'None.' },
  NETWORK_CLOSED: { summary: 'The connection was closed by the peer or broke.', action: 'None, unless it lasts.' },
} as const satisfies Record<string, { readonly summary: string; readonly action: string }>

export type NetworkErrorCode = keyof typeof networkProblems

/** The code of a reason: other texts may hold what a peer chose, so that they would count without end. */
export function codeOfReason(reason: string): NetworkErrorCode {
  return Object.hasOwn(networkProblems, reason) ? (reason as NetworkErrorCode) : 'PEER_MISBEHAVED'
}

export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  readonly code: NetworkErrorCode
  /** What to do. */
  readonly action: string

  constructor(code: NetworkErrorCode, detail?: string, cause?: unknown) {
    const { summary, action } = networkProblems[code]
    super(`${summary}${detail === undefined ? '' : ` (${detail})`}`, cause === undefined ? {} : { cause })
    this.code = code
    this.action = action
  }
}
