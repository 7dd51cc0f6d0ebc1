import { errorText } from '@vpnext/native'
import { BusinessError } from '@vpnext/api'
import type { Want } from '@vpnext/api'
import type { Fd } from '@vpnext/native'
import { abilityInterface, hostInterface } from '@vpnext/service/protocol'
import { type MethodInput, type MethodOutput, type Peer, SendTurns, isVarlinkError } from '@vpnext/varlink'

/** A request as the service carries it. */
export type RequestMessage = Readonly<MethodInput<typeof hostInterface, 'SendRequest'>>
/** A reply as the service carries it. */
export type ReplyMessage = Readonly<MethodOutput<typeof hostInterface, 'SendRequest'>>
/** A request that has arrived. */
export type IncomingRequest = Readonly<MethodInput<typeof abilityInterface, 'HandleRequest'>>
/** A remote object on its way. */
export type RemoteReference = RequestMessage['objects'][number]
/** What a connection gives. */
export type Connected = Readonly<MethodOutput<typeof hostInterface, 'ConnectAbility'>>

/** What the kits ask of the service about the other processes of the bundle. Every call rejects with a BusinessError. */
export interface IpcCalls {
  /**
   * @param connection the process's own number for it
   * @param fds what the Want speaks of; they stay the caller's, who may close them as soon as the call has been made
   */
  connectAbility(want: Want, connection: number, fds: readonly Fd[]): Promise<Connected>
  disconnectAbility(connection: number): Promise<void>
  /**
   * @param fds stay the caller's
   * @returns the reply, whose descriptors are the caller's
   */
  sendRequest(
    request: RequestMessage,
    fds: readonly Fd[],
  ): Promise<{ reply: ReplyMessage; fds: readonly Fd[] }>
  /** Starts a page of the own bundle. @param fds as of `connectAbility` */
  startPage(want: Want, fds: readonly Fd[]): Promise<void>
  /** Ends this process, after its `onDestroy`. */
  terminateSelf(): Promise<void>
  /** Text of a test run. */
  reportTest(text: string): Promise<void>
  finishTests(code: number, message: string): Promise<void>
  /** Whether a line of the bundle's log has a text, in capitals or not. For processes that run tests. */
  searchLog(text: string): Promise<boolean>
  /** Forgets the lines of the bundle. For processes that run tests. */
  clearLog(): Promise<void>
}

/** The calls of {@link IpcCalls} over the private channel; 1900007 when the service is gone or fails. */
export function ipcCalls(peer: Peer): IpcCalls {
  const turns = new SendTurns(peer)
  return {
    connectAbility: async (want, connection, fds) => {
      const connected = peer.call(hostInterface, 'ConnectAbility', { want, connection }, { fds })
      return (await orBusinessError(connected)).parameters
    },
    disconnectAbility: async (connection) => {
      await orBusinessError(peer.call(hostInterface, 'DisconnectAbility', { connection }))
    },
    sendRequest: async (request, fds) => {
      await turns.take()
      const { parameters: reply, fds: received } = await orBusinessError(
        peer.call(hostInterface, 'SendRequest', request, { fds }),
      )
      return { reply, fds: received }
    },
    startPage: async (want, fds) => {
      await orBusinessError(peer.call(hostInterface, 'StartPage', { want }, { fds }))
    },
    terminateSelf: async () => {
      await orBusinessError(peer.call(hostInterface, 'TerminateSelf', {}))
    },
    reportTest: async (text) => {
      await orBusinessError(peer.call(hostInterface, 'ReportTest', { text }))
    },
    finishTests: async (code, message) => {
      await orBusinessError(peer.call(hostInterface, 'FinishTests', { code, message }))
    },
    searchLog: async (text) =>
      (await orBusinessError(peer.call(hostInterface, 'SearchLog', { text }))).parameters.found,
    clearLog: async () => {
      await orBusinessError(peer.call(hostInterface, 'ClearLog', {}))
    },
  }
}

async function orBusinessError<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!isVarlinkError(error, hostInterface, 'BusinessError')) {
      const reason = errorText(error)
      throw new BusinessError(1900007, 'Communication failed.', { reason }, { cause: error })
    }
    const { code, message, field, reason } = error.parameters
    const detail = { ...(field !== undefined && { field }), ...(reason !== undefined && { reason }) }
    throw new BusinessError(code, message, detail, { cause: error })
  }
}
