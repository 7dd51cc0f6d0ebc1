import { type Want, businessError, checkWant } from '@vpnext/api'
import { BusinessError } from '@vpnext/api'
import type { Fd } from '@vpnext/native'

import type { IpcCalls } from '../ipc/ipc-calls.ts'
import type { ObjectTable } from '../ipc/object-table.ts'
import { type AnyFunction, functionParameter, integerParameter, objectParameter } from '../parameters.ts'
import { sendWant } from './send-want.ts'

/** `ElementName` of the device. */
interface ElementName {
  readonly deviceId: string
  readonly bundleName: string
  readonly moduleName: string
  readonly abilityName: string
}

/** `ConnectOptions`, checked. */
interface Listener {
  readonly onConnect: AnyFunction
  readonly onDisconnect: AnyFunction
  readonly onFailed: AnyFunction
}

type Connection =
  | { readonly kind: 'pending'; readonly listener: Listener }
  | { readonly kind: 'open'; readonly listener: Listener; readonly element: ElementName }

/** What the device tells onFailed when the service fails in another way (16000050). */
const internalError = 16000050

/** The extensions that this process is connected to. */
export class AbilityConnections {
  readonly #calls: Pick<IpcCalls, 'connectAbility' | 'disconnectAbility'>
  readonly #objects: ObjectTable
  readonly #connections = new Map<number, Connection>()
  #last = 0

  constructor(calls: Pick<IpcCalls, 'connectAbility' | 'disconnectAbility'>, objects: ObjectTable) {
    this.#calls = calls
    this.#objects = objects
  }

  /**
   * `context.connectServiceExtensionAbility(want, options)`.
   *
   * @returns the number of the connection; how it goes is told to `options`: onConnect(element, remote), with null when the
   * extension gave no remote object; onDisconnect(element) when the extension ends or its onConnect fails; onFailed(code)
   * @throws BusinessError 401
   */
  connect(want: unknown, options: unknown): number {
    const checked = checkWant(want, 'startVpnExtensionAbility')
    const given = objectParameter(options, 'options')
    const read = (name: string): AnyFunction => {
      const method = functionParameter(Reflect.get(given, name), `options.${name}`)
      return (...args) => Reflect.apply(method, given, args)
    }
    const listener = {
      onConnect: read('onConnect'),
      onDisconnect: read('onDisconnect'),
      onFailed: read('onFailed'),
    }
    return sendWant(checked, (sent, fds) => {
      this.#last += 1
      const number = this.#last
      this.#connections.set(number, { kind: 'pending', listener })
      void this.#open(sent, fds, number, listener)
      return number
    })
  }

  /**
   * `context.disconnectServiceExtensionAbility(number)`: onDisconnect of the connection is called, then the promise resolves.
   *
   * @throws BusinessError 401; the promise rejects 16000011 for what is not connected
   */
  async disconnect(number: unknown): Promise<void> {
    const checked = integerParameter(number, 'connection')
    const connection = this.#connections.get(checked)
    if (connection === undefined)
      throw businessError(16000011, { field: 'connection', reason: 'is not connected' })
    this.#connections.delete(checked)
    await this.#calls.disconnectAbility(checked)
    if (connection.kind === 'open') connection.listener.onDisconnect(connection.element)
  }

  /** The extension of a connection has ended. */
  lost(number: number): void {
    const connection = this.#connections.get(number)
    this.#connections.delete(number)
    if (connection?.kind === 'open') connection.listener.onDisconnect(connection.element)
  }

  async #open(want: Want, fds: readonly Fd[], number: number, listener: Listener): Promise<void> {
    try {
      const { element, remote } = await this.#calls.connectAbility(want, number, fds)
      // It may have been given up meanwhile, or been lost again.
      if (this.#connections.get(number)?.kind !== 'pending') return
      const named = { deviceId: '', ...element }
      this.#connections.set(number, { kind: 'open', listener, element: named })
      listener.onConnect(named, remote === undefined ? null : this.#objects.resolve(remote))
    } catch (error) {
      if (!this.#connections.delete(number)) return
      if (!(error instanceof BusinessError)) throw error
      const { code, data } = error
      // The device waits in vain for a promise that rejects, and then takes the extension for dead.
      if (code === internalError && data?.field === 'onConnect') listener.onDisconnect(elementOf(want))
      else listener.onFailed(code === 1900007 ? internalError : code)
    }
  }
}

function elementOf({ deviceId = '', bundleName = '', moduleName = '', abilityName = '' }: Want): ElementName {
  return { deviceId, bundleName, moduleName, abilityName }
}
