import type { Fd } from '@vpnext/native'

import { rpcError } from './rpc-error.ts'
import type { IncomingRequest, IpcCalls, RemoteReference } from './ipc-calls.ts'
import { MessageOption } from './message-option.ts'
import type { MessageContents } from './message-contents.ts'
import { MessageSequence } from './message-sequence.ts'
import { Parcel } from './parcel.ts'
import type { IRemoteObject } from './remote-kind.ts'
import { RemoteObject } from './remote-object.ts'
import { RemoteProxy } from './remote-proxy.ts'

/** Requests of this process that wait for replies at a time; more wait their turn here. */
const maxAtOnce = 32

/** What a request says of who sends it. */
export interface Caller {
  readonly pid: number
  readonly uid: number
}

/** A message as it travels; the descriptors are the receiver's. */
export interface Message {
  readonly data: string
  readonly objects: readonly RemoteReference[]
  readonly fds: readonly Fd[]
}

/** The remote objects of a process: its own that others may know, and those of others that it knows. */
export class ObjectTable {
  readonly #calls: IpcCalls
  readonly #own: Caller
  readonly #local = new Map<number, RemoteObject>()
  readonly #numbers = new Map<RemoteObject, number>()
  readonly #proxies = new Map<number, RemoteProxy>()
  readonly #waiting: (() => void)[] = []
  #atOnce = 0
  #caller: Caller

  constructor(calls: IpcCalls, uid: number) {
    this.#calls = calls
    this.#own = { pid: process.pid, uid }
    this.#caller = this.#own
  }

  /** Who has sent the request that is being handled; this process itself when there is none. */
  get caller(): Caller {
    return this.#caller
  }

  get isRemoteCall(): boolean {
    return this.#caller.pid !== this.#own.pid
  }

  /** Runs `action` as if no request was being handled. @returns the caller of before */
  resetCaller(caller: Caller = this.#own): Caller {
    const before = this.#caller
    this.#caller = caller
    return before
  }

  /** The number by which others may know an object of this process. */
  register(object: RemoteObject): number {
    const known = this.#numbers.get(object)
    if (known !== undefined) return known
    const number = this.#numbers.size + 1
    this.#numbers.set(object, number)
    this.#local.set(number, object)
    return number
  }

  /** The object that a reference means: always the same for the same one. @throws BusinessError 1900008 */
  resolve({ own, id, descriptor }: RemoteReference): IRemoteObject {
    if (own) {
      const object = this.#local.get(id)
      if (object === undefined) throw rpcError(1900008, 'there is no such object in this process')
      return object
    }
    const known = this.#proxies.get(id)
    if (known !== undefined) return known
    const proxy = new RemoteProxy({
      descriptor,
      send: (code, data, reply, option) => this.#send(id, code, data, reply, option),
    })
    this.#proxies.set(id, proxy)
    return proxy
  }

  /** A remote object of another process has gone: its death recipients hear of it. */
  died(node: number): void {
    const proxy = this.#proxies.get(node)
    this.#proxies.delete(node)
    if (proxy !== undefined) RemoteProxy.die(proxy)
  }

  /** Handles a request of another process. @param fds given away */
  async handle(request: IncomingRequest, fds: readonly Fd[]): Promise<Message & { result: number }> {
    const { object: number, code, flags, callerPid, callerUid } = request
    const data = new MessageSequence(this.#unpack({ ...request, fds }))
    const object = this.#local.get(number)
    if (object === undefined) {
      data.reclaim()
      throw rpcError(1900008, 'there is no such object in this process')
    }
    const reply = MessageSequence.create()
    const before = this.resetCaller({ pid: callerPid, uid: callerUid })
    let handling: Promise<boolean>
    try {
      handling = RemoteObject.dispatch(object, code, data, reply, new MessageOption(flags))
    } finally {
      // As on the device, only the part before the first await knows who calls.
      this.resetCaller(before)
    }
    try {
      const result = (await handling) ? 0 : refused
      return { result, ...this.#pack(MessageSequence.contentsOf(reply, 'reply')) }
    } finally {
      data.reclaim()
    }
  }

  async #send(
    node: number,
    code: number,
    data: unknown,
    reply: unknown,
    option: MessageOption,
  ): Promise<number> {
    const { data: text, objects, fds } = this.#pack(MessageSequence.contentsOf(data, 'data'))
    await this.#turn()
    try {
      const request = { node, code, flags: option.getFlags(), data: text, objects: [...objects] }
      const answer = await this.#calls.sendRequest(request, fds)
      MessageSequence.replace(reply, this.#unpack({ ...answer.reply, fds: answer.fds }))
      return answer.reply.result
    } finally {
      this.#atOnce -= 1
      this.#waiting.shift()?.()
    }
  }

  async #turn(): Promise<void> {
    while (this.#atOnce >= maxAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#atOnce += 1
  }

  #pack({ parcel, objects, descriptors }: MessageContents): Message {
    return {
      data: parcel.bytes.toString('base64'),
      objects: objects.map((object) => this.#reference(object)),
      fds: descriptors,
    }
  }

  #unpack({ data, objects, fds }: Message): MessageContents {
    return {
      parcel: new Parcel(Buffer.from(data, 'base64')),
      objects: objects.map((reference) => this.resolve(reference)),
      descriptors: [...fds],
    }
  }

  #reference(object: IRemoteObject): RemoteReference {
    if (object instanceof RemoteObject)
      return { own: true, id: this.register(object), descriptor: object.getDescriptor() }
    for (const [id, proxy] of this.#proxies)
      if (proxy === object) return { own: false, id, descriptor: proxy.getDescriptor() }
    throw rpcError(1900008, 'the remote object has gone')
  }
}

/** Result of a request that `onRemoteMessageRequest` says false to, or throws at. */
const refused = -1
