import {
  integerParameter,
  isFunction,
  objectParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { MessageOption } from './message-option.ts'
import { MessageParcel } from './message-parcel.ts'
import { MessageSequence } from './message-sequence.ts'
import { markRemoteObject } from './remote-kind.ts'
import {
  type RequestResult,
  type SendArguments,
  readSendArguments,
  reportResult,
  sendParcels,
} from './request.ts'
import { rpcError } from './rpc-error.ts'
import { settleText } from './settle-text.ts'

/** `rpc.RemoteObject`: an object of this process that others send requests to. */
export class RemoteObject {
  readonly #descriptor: string
  #local: { readonly object: unknown; readonly descriptor: string } | undefined
  /** Hears of what a handler throws. */
  static onError: (text: string) => void = () => undefined

  constructor(descriptor: unknown) {
    this.#descriptor = textParameter(descriptor, 'descriptor')
    markRemoteObject(this)
  }

  /** Lets an object handle a request. @returns whether it says that it has; what it throws is logged, and false */
  static async dispatch(
    object: RemoteObject,
    code: number,
    data: MessageSequence,
    reply: MessageSequence,
    option: MessageOption,
  ): Promise<boolean> {
    try {
      const handler: unknown = Reflect.get(object, 'onRemoteMessageRequest')
      const older: unknown = Reflect.get(object, 'onRemoteRequest')
      // On the device, too, the older one is asked only where the newer one is not.
      const handled: unknown =
        handler === Reflect.get(RemoteObject.prototype, 'onRemoteMessageRequest') && isFunction(older)
          ? await Reflect.apply(older, object, [
              code,
              new MessageParcel(data),
              new MessageParcel(reply),
              option,
            ])
          : isFunction(handler) && (await Reflect.apply(handler, object, [code, data, reply, option]))
      return handled === true
    } catch (error) {
      RemoteObject.onError(`onRemoteMessageRequest: ${settleText(error)}`)
      return false
    }
  }

  /** Refuses everything; subclasses have their own. */
  onRemoteMessageRequest(..._request: unknown[]): boolean | Promise<boolean> {
    return false
  }

  /** In the same process: the handler is called with the very messages. @throws BusinessError 401 */
  sendMessageRequest(...args: unknown[]): Promise<RequestResult> | undefined {
    const { code, data, reply, option, callback } = readSendArguments(args)
    return reportResult(this.#sendHere({ code, data, reply, option }), { code, data, reply }, callback)
  }

  /** As `sendMessageRequest`, with the messages of API 8. @throws BusinessError 401 */
  sendRequest(...args: unknown[]): Promise<RequestResult<MessageParcel>> | undefined {
    return sendParcels(args, (message) => this.#sendHere(message))
  }

  /** Refuses everything; subclasses of API 8 have their own. */
  onRemoteRequest(..._request: unknown[]): boolean | Promise<boolean> {
    return false
  }

  async #sendHere({ code, data, reply, option }: Omit<SendArguments, 'callback'>): Promise<number> {
    const { parcel } = MessageSequence.contentsOf(data, 'data')
    parcel.seekRead(0)
    const handled = await RemoteObject.dispatch(this, code, data, reply, option)
    MessageSequence.contentsOf(reply, 'reply').parcel.seekRead(0)
    return handled ? 0 : -1
  }

  getDescriptor(): string {
    return this.#descriptor
  }

  getInterfaceDescriptor(): string {
    return this.#descriptor
  }

  modifyLocalInterface(broker: unknown, descriptor: unknown): void {
    const name = textParameter(descriptor, 'descriptor')
    this.#local = { object: objectParameter(broker, 'localInterface'), descriptor: name }
  }

  /** As `modifyLocalInterface`, of API 8. */
  attachLocalInterface(broker: unknown, descriptor: unknown): void {
    this.modifyLocalInterface(broker, descriptor)
  }

  /** @returns what `modifyLocalInterface` set for this descriptor; null for another */
  getLocalInterface(descriptor: unknown): unknown {
    const name = textParameter(descriptor, 'descriptor')
    return this.#local?.descriptor === name ? this.#local.object : null
  }

  queryLocalInterface(descriptor: unknown): unknown {
    return this.getLocalInterface(descriptor)
  }

  /** @throws BusinessError 1900005: an object of this process cannot die before it */
  registerDeathRecipient(recipient: unknown, flags: unknown): never {
    checkRecipient(recipient, flags)
    throw rpcError(1900005, 'the object lives in this process')
  }

  /** @throws BusinessError 1900005 */
  unregisterDeathRecipient(recipient: unknown, flags: unknown): never {
    checkRecipient(recipient, flags)
    throw rpcError(1900005, 'the object lives in this process')
  }

  addDeathRecipient(): boolean {
    return false
  }

  removeDeathRecipient(): boolean {
    return false
  }

  isObjectDead(): boolean {
    return false
  }
}

/** @returns the recipient's onRemoteDied. @throws BusinessError 401 */
export function checkRecipient(recipient: unknown, flags: unknown = 0): object {
  integerParameter(flags, 'flags')
  const object = objectParameter(recipient, 'recipient')
  if (!isFunction(Reflect.get(object, 'onRemoteDied')))
    throw parameterError('recipient', 'has no method onRemoteDied')
  return object
}
