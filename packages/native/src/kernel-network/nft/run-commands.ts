import { errnoNumber, isSystemError, SystemError } from '../../system-error.ts'
import { NLM_F_ACK, NLM_F_REQUEST, NLMSG_ERROR } from '../netlink/constants.ts'
import { Conversation } from '../netlink/conversation.ts'
import { readAcknowledgement, readMessages } from '../netlink/message-reader.ts'
import { NetlinkSocket } from '../netlink/socket.ts'
import { encodeNft } from './batch.ts'
import { GET_TABLE, NFNL_SUBSYS_NFTABLES, NFPROTO_INET, TABLE_NAME } from './numbers.ts'
import type { NftCommand } from './command.ts'
import { formatNftCommand } from './command-text.ts'
import { repeatInterrupted } from './repeat-interrupted.ts'
import { sendInThread } from './send-in-thread.ts'

const NETLINK_NETFILTER = 12
const ENOENT = errnoNumber('ENOENT')

/** Commands that are being run beside the calling thread. */
export interface NftRun {
  /** Waits for their end. Again: nothing. @throws SystemError as {@link runNftCommands} */
  wait(): void
}

/** Who asks nf_tables for anything next waits for this one first, so that it sees what was done. */
let underWay: CommandRun | undefined

/**
 * Runs commands on the network namespace that the calling thread is in, as one transaction: all or nothing.
 *
 * @throws SystemError of the first command that failed: `index` is its position, `detail` its text; EPERM without
 * CAP_NET_ADMIN; EPROTONOSUPPORT where the kernel has no nf_tables
 * @throws RangeError for names and elements that nf_tables has no form for
 */
export function runNftCommands(commands: readonly NftCommand[]): void {
  settleNftCommands()
  const bytes = encodeNft(commands)
  repeatInterrupted(() => runOnce(commands, bytes))
}

/**
 * Begins what {@link runNftCommands} does, beside the calling thread and in the network namespace it is in: the kernel
 * takes 1 ms to commit a guard.
 *
 * @param line of the namespace that the calling thread is in
 * @returns to be waited for in any case
 * @throws as {@link runNftCommands}, where no thread is to be had
 */
export function beginNftCommands(commands: readonly NftCommand[], line?: NftLine): NftRun {
  settleNftCommands()
  underWay = new CommandRun(commands, line)
  return underWay
}

/** A socket to nf_tables that stays open: to make one and to close it takes a fifth of a millisecond. */
export interface NftLine extends Disposable {
  readonly socket: NetlinkSocket
}

/** Opens a line for the network namespace that the calling thread is in. @throws SystemError EPROTONOSUPPORT without nf_tables */
export function openNftLine(): NftLine {
  const socket = NetlinkSocket.open(NETLINK_NETFILTER)
  return {
    socket,
    [Symbol.dispose]() {
      settleNftCommands()
      socket.closeInThread()
    },
  }
}

/** Waits for commands that are under way; what they have come to, their own {@link NftRun.wait} tells. */
export function settleNftCommands(): void {
  underWay?.settle()
}

/**
 * Whether a table of family `inet` is there, in the network namespace that the calling thread is in. False too where the
 * kernel has no nf_tables.
 *
 * @throws SystemError EPERM without CAP_NET_ADMIN
 */
export function nftTableExists(table: string): boolean {
  settleNftCommands()
  let socket: NetlinkSocket
  try {
    socket = NetlinkSocket.open(NETLINK_NETFILTER)
  } catch (error) {
    if (isSystemError(error, 'EPROTONOSUPPORT')) return false
    throw error
  }
  try {
    const type = (NFNL_SUBSYS_NFTABLES << 8) | GET_TABLE
    const answer = new Conversation(socket).ask(
      (writer, sequence) => {
        writer.begin(type, NLM_F_REQUEST | NLM_F_ACK, sequence)
        writer.u32(NFPROTO_INET)
        writer.attributeText(TABLE_NAME, table)
        writer.end()
      },
      () => 'found' as const,
    )
    if (answer === 'found') return true
    if (answer.errno === ENOENT) return false
    throw new SystemError(answer.errno, 'nft', { detail: `table inet ${table}` })
  } finally {
    socket.closeInThread()
  }
}

function runOnce(commands: readonly NftCommand[], bytes: Uint8Array): void {
  const socket = openSocket(bytes)
  try {
    socket.send(bytes)
    readFailure(socket, commands)
  } finally {
    socket.closeInThread()
  }
}

/**
 * The last close of the socket lets the kernel finish what a transaction removed, 5 to 20 ms during which the caller would
 * stand still (net/netfilter/nf_tables_api.c, nft_rcv_nl_event): so it is closed in a thread.
 */
function openSocket(bytes: Uint8Array): NetlinkSocket {
  const socket = NetlinkSocket.open(NETLINK_NETFILTER)
  try {
    socket.makeRoom(bytes.length)
    return socket
  } catch (error) {
    socket.closeInThread()
    throw error
  }
}

/** Only what fails is answered. @throws SystemError of the first failure */
function readFailure(socket: NetlinkSocket, commands: readonly NftCommand[]): void {
  const length = socket.receive()
  if (length === undefined) return
  for (const message of readMessages(socket.buffer, length)) {
    if (message.type !== NLMSG_ERROR) continue
    const { errno, text } = readAcknowledgement(message, true)
    if (errno !== 0) throw failureOf(errno, text, message.sequence - 1, commands)
  }
}

/** @param index below 0: of the transaction as a whole */
function failureOf(
  errno: number,
  text: string | undefined,
  index: number,
  commands: readonly NftCommand[],
): SystemError {
  const command = commands[index]
  const told = text === undefined ? [] : [text]
  if (command === undefined) return new SystemError(errno, 'nft', { detail: told.join() })
  return new SystemError(errno, 'nft', { index, detail: [...told, formatNftCommand(command)].join(': ') })
}

/** Commands whose transaction is made in a thread of its own. */
class CommandRun implements NftRun {
  readonly #commands: readonly NftCommand[]
  readonly #bytes: Uint8Array
  readonly #socket: NetlinkSocket
  /** Closes the socket, or has it ready for the next run. */
  readonly #leave: () => void
  #join: (() => boolean) | undefined
  #failure: unknown

  constructor(commands: readonly NftCommand[], line: NftLine | undefined) {
    this.#commands = commands
    this.#bytes = encodeNft(commands)
    if (line === undefined) {
      const socket = openSocket(this.#bytes)
      this.#socket = socket
      this.#leave = () => socket.closeInThread()
    } else {
      const { socket } = line
      this.#socket = socket
      this.#leave = () => socket.drain()
      socket.makeRoom(this.#bytes.length)
    }
    this.#join = sendInThread(this.#socket.fd, this.#bytes)
    if (this.#join !== undefined) return
    this.#leave()
    runNftCommands(commands)
  }

  settle(): void {
    const join = this.#join
    if (join === undefined) return
    this.#join = undefined
    underWay = undefined
    const isSent = join()
    try {
      // Nothing has been done; why not, the thread has kept for itself.
      if (!isSent) this.#socket.send(this.#bytes)
      readFailure(this.#socket, this.#commands)
    } catch (error) {
      this.#failure = error
    } finally {
      this.#leave()
    }
  }

  wait(): void {
    this.settle()
    const failure = this.#failure
    if (failure === undefined) return
    if (!isSystemError(failure, 'EINTR')) throw failure
    this.#failure = undefined
    runNftCommands(this.#commands)
  }
}
