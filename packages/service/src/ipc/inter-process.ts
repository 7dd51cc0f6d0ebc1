import {
  type InferFields,
  type Peer,
  SendTurns,
  type WithFds,
  isVarlinkError,
  withFds,
} from '@vpnext/varlink'
import { type Fd, clearLinger, describeSocket } from '@vpnext/native'
import type { AbilityControl } from '../abilities/ability-control.ts'
import type { AbilityUse } from '../abilities/ability.ts'
import type { HostRun } from '../abilities/host-run.ts'
import { abilityInterface } from '../protocol/host-interface.ts'
import { maxRequestBytes, maxRequestsAtOnce, type parcelFields } from '../protocol/ipc-types.ts'
import { ipcError } from './ipc-error.ts'
import { OneWayRoom } from './one-way-room.ts'
import { type RemoteReference, RemoteObjects } from './remote-objects.ts'

/** Extensions one host may be connected to at a time. */
const maxConnections = 64
/** Flag of a request that nobody waits for (`rpc.MessageOption.TF_ASYNC`). */
const oneWay = 1

/** What a host sends to a remote object. */
export interface Request extends Readonly<InferFields<typeof parcelFields>> {
  readonly node: number
  readonly code: number
  readonly flags: number
}

type Answer = InferFields<typeof parcelFields> & { result: number }

/** A connection of a host to an extension; `pending` until onConnect has settled. */
type Connection = { readonly kind: 'pending' } | { readonly kind: 'open'; readonly use: AbilityUse }

/** What the service keeps of one host. */
interface Member {
  readonly connections: Map<number, Connection>
  requests: number
  readonly oneWay: OneWayRoom
  /** Of messages to the host. */
  turns: SendTurns | undefined
}

/**
 * Between the processes of a bundle: who is connected to which extension, and requests on their way to remote objects. The
 * service looks at sizes and at who was given what, and not into a message.
 */
export class InterProcess {
  readonly #control: () => AbilityControl
  readonly #objects = new RemoteObjects()
  readonly #members = new Map<HostRun, Member>()

  /** @param control which is made of what hosts call */
  constructor(control: () => AbilityControl) {
    this.#control = control
  }

  /**
   * connectServiceExtensionAbility.
   *
   * @param request what the host asks for, and what gives the descriptors that came with it
   * @param number the host's own for the connection
   * @returns the extension, and what its onConnect gave
   * @throws BusinessError as {@link AbilityControl.connect}; 401 for a number in use
   */
  async connect(
    run: HostRun,
    { want, take }: { readonly want: unknown; readonly take: () => readonly Fd[] },
    number: number,
    signal: AbortSignal,
  ): Promise<{ use: AbilityUse; remote: RemoteReference | undefined }> {
    const { connections } = this.#memberOf(run)
    if (connections.has(number) || connections.size >= maxConnections)
      throw ipcError(1900009, 'the process has too many connections')
    connections.set(number, { kind: 'pending' })
    try {
      const use = await this.#control().connect(want, { kind: 'host', run, signal }, take())
      // Whoever asked may have gone, or thought better of it, while consent was asked.
      if (connections.get(number)?.kind !== 'pending' || run.ending.signal.aborted) {
        await use.end()
        throw ipcError(1900007, 'the connection was given up')
      }
      connections.set(number, { kind: 'open', use })
      const remote = use.remote === undefined ? undefined : this.#objects.give(use.run, use.remote, run)
      return { use, remote }
    } catch (error) {
      if (connections.get(number)?.kind === 'pending') connections.delete(number)
      throw error
    }
  }

  /** disconnectServiceExtensionAbility; of what is not connected: nothing. */
  async disconnect(run: HostRun, number: number): Promise<void> {
    const { connections } = this.#memberOf(run)
    const connection = connections.get(number)
    connections.delete(number)
    if (connection?.kind === 'open') await connection.use.end()
  }

  /**
   * sendMessageRequest.
   *
   * @param fds of the request; they stay the caller's
   * @returns the reply; of a one-way request an empty one, as soon as it is on its way
   * @throws VarlinkError BusinessError 1900007, 1900008, 1900009
   */
  async send(run: HostRun, request: Request, fds: readonly Fd[]): Promise<Answer | WithFds<Answer>> {
    const member = this.#memberOf(run)
    checkSize(request.data)
    const { run: other, object } = this.#objects.find(run, request.node)
    const peer = other.process?.peer
    if (peer === undefined || other.ending.signal.aborted)
      throw ipcError(1900007, 'the process of the remote object is ending')
    if (member.requests >= maxRequestsAtOnce)
      throw ipcError(1900007, `${maxRequestsAtOnce} requests of this process wait for replies`)
    const parameters = {
      object,
      code: request.code,
      flags: request.flags,
      callerPid: run.process?.pid ?? 0,
      callerUid: run.hostUid,
      data: request.data,
      objects: this.#objects.pass(request.objects, run, other),
    }
    for (const fd of fds) makeHarmless(fd)
    if ((request.flags & oneWay) !== 0) {
      using _room = member.oneWay.take(request.data.length, fds.length)
      await this.#turnsOf(other, peer).take()
      peer.oneway(abilityInterface, 'HandleRequest', parameters, { fds })
      return { result: 0, data: '', objects: [] }
    }
    member.requests += 1
    try {
      await this.#turnsOf(other, peer).take()
      const { parameters: answer, fds: own } = await peer.call(
        abilityInterface,
        'HandleRequest',
        parameters,
        {
          fds,
        },
      )
      for (const fd of own) makeHarmless(fd)
      checkSize(answer.data)
      const objects = this.#objects.pass(answer.objects, other, run)
      if (run.process !== undefined) await this.#turnsOf(run, run.process.peer).take()
      return withFds({ ...answer, objects }, own)
    } catch (error) {
      if (isVarlinkError(error, abilityInterface, 'CallbackFailed'))
        throw ipcError(1900008, error.parameters.reason)
      if (error instanceof Error && error.name === 'ConnectionError')
        throw ipcError(1900007, 'the process of the remote object has ended')
      throw error
    } finally {
      member.requests -= 1
    }
  }

  /** A host has ended: its connections end, those who use it hear of it, and of the death of what they held. Never throws. */
  ended(run: HostRun): void {
    for (const connection of this.#members.get(run)?.connections.values() ?? []) {
      if (connection.kind === 'open') void connection.use.end().catch(() => undefined)
    }
    this.#members.delete(run)
    for (const { holder, number } of this.#objects.release(run))
      holder.process?.peer.oneway(abilityInterface, 'RemoteDied', { node: number })
    for (const [other, { connections }] of this.#members) {
      for (const [number, connection] of connections) {
        if (connection.kind !== 'open' || connection.use.run !== run) continue
        connections.delete(number)
        other.process?.peer.oneway(abilityInterface, 'ConnectionLost', { connection: number })
      }
    }
  }

  #turnsOf(run: HostRun, peer: Peer): SendTurns {
    const member = this.#memberOf(run)
    member.turns ??= new SendTurns(peer)
    return member.turns
  }

  #memberOf(run: HostRun): Member {
    const known = this.#members.get(run)
    if (known !== undefined) return known
    const member: Member = { connections: new Map(), requests: 0, oneWay: new OneWayRoom(), turns: undefined }
    this.#members.set(run, member)
    return member
  }
}

function checkSize(data: string): void {
  if (data.length > Math.ceil(maxRequestBytes / 3) * 4)
    throw ipcError(1900009, `a message has at most ${maxRequestBytes} bytes`)
}

/** The service closes its copies of what strangers send each other: that must not wait. */
function makeHarmless(fd: Fd): void {
  if (describeSocket(fd) !== undefined) clearLinger(fd)
}
