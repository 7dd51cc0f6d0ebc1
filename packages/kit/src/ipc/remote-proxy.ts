import { BusinessError } from '@vpnext/api'

import { isFunction, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import type { MessageOption } from './message-option.ts'
import type { MessageParcel } from './message-parcel.ts'
import type { MessageSequence } from './message-sequence.ts'
import { markRemoteObject } from './remote-kind.ts'
import { checkRecipient } from './remote-object.ts'
import {
  type RequestResult,
  type SendArguments,
  maxCode,
  minCode,
  readSendArguments,
  reportResult,
  sendParcels,
} from './request.ts'
import { rpcError } from './rpc-error.ts'

/** Result of a request to an object that has gone (BR_DEAD_REPLY of binder). */
const deadReply = 29_189

interface Remote {
  readonly descriptor: string
  readonly send: (
    code: number,
    data: MessageSequence,
    reply: MessageSequence,
    option: MessageOption,
  ) => Promise<number>
}

/** `rpc.RemoteProxy`: an object of another process. Only the process makes them. */
export class RemoteProxy {
  static readonly PING_TRANSACTION = 1_599_098_439
  static readonly DUMP_TRANSACTION = 1_598_311_760
  static readonly INTERFACE_TRANSACTION = 1_598_968_902
  static readonly MIN_TRANSACTION_ID: number = minCode
  static readonly MAX_TRANSACTION_ID: number = maxCode
  readonly #remote: Remote
  readonly #recipients = new Set<object>()
  #dead = false

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('RemoteProxy'))
  }

  constructor(remote: Remote) {
    this.#remote = remote
    markRemoteObject(this)
  }

  /** The object's process has ended: each recipient hears of it once. */
  static die(proxy: RemoteProxy): void {
    proxy.#dead = true
    const recipients = [...proxy.#recipients]
    proxy.#recipients.clear()
    for (const recipient of recipients) {
      const method: unknown = Reflect.get(recipient, 'onRemoteDied')
      // What it throws is for the extension's log, and must not keep the others from hearing.
      if (isFunction(method)) queueMicrotask(() => void Reflect.apply(method, recipient, []))
    }
  }

  /**
   * @returns the result once the reply is there, or at once for a one-way request; `errCode` is not 0 when the object has gone
   * or did not handle it
   * @throws BusinessError 401; the promise rejects 1900008, 1900009
   */
  sendMessageRequest(...args: unknown[]): Promise<RequestResult> | undefined {
    const { callback, ...message } = readSendArguments(args)
    const { code, data, reply } = message
    return reportResult(this.#send(message), { code, data, reply }, callback)
  }

  /** As `sendMessageRequest`, with the messages of API 8. @throws BusinessError 401; the promise rejects 1900008, 1900009 */
  sendRequest(...args: unknown[]): Promise<RequestResult<MessageParcel>> | undefined {
    return sendParcels(args, (message) => this.#send(message))
  }

  async #send({ code, data, reply, option }: Omit<SendArguments, 'callback'>): Promise<number> {
    if (this.#dead) return deadReply
    try {
      return await this.#remote.send(code, data, reply, option)
    } catch (error) {
      if (error instanceof BusinessError && error.code === 1900007) return deadReply
      throw error
    }
  }

  /** @throws BusinessError 401, 1900008 */
  registerDeathRecipient(recipient: unknown, flags?: unknown): void {
    const object = checkRecipient(recipient, flags)
    if (this.#dead) throw rpcError(1900008, 'the remote object has gone')
    this.#recipients.add(object)
  }

  /** @throws BusinessError 401, 1900008 */
  unregisterDeathRecipient(recipient: unknown, flags?: unknown): void {
    const object = checkRecipient(recipient, flags)
    if (this.#dead) throw rpcError(1900008, 'the remote object has gone')
    this.#recipients.delete(object)
  }

  addDeathRecipient(recipient: unknown, flags?: unknown): boolean {
    if (this.#dead) return false
    this.registerDeathRecipient(recipient, flags)
    return true
  }

  removeDeathRecipient(recipient: unknown, flags?: unknown): boolean {
    return this.#recipients.delete(checkRecipient(recipient, flags))
  }

  isObjectDead(): boolean {
    return this.#dead
  }

  /** @throws BusinessError 1900007 once the object has gone */
  getDescriptor(): string {
    if (this.#dead) throw rpcError(1900007, 'the remote object has gone')
    return this.#remote.descriptor
  }

  getInterfaceDescriptor(): string {
    return this.#remote.descriptor
  }

  /** @throws BusinessError 401, 1900006: the object lives in another process */
  getLocalInterface(descriptor: unknown): never {
    textParameter(descriptor, 'interface')
    throw rpcError(1900006, 'the object lives in another process')
  }

  queryLocalInterface(): null {
    return null
  }
}
