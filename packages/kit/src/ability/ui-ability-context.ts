import { checkWant } from '@vpnext/api'

import { settle, isCallback } from '../async-forms.ts'
import { booleanParameter, functionParameter, integerParameter, textParameter } from '../parameters.ts'
import type { IpcCalls } from '../ipc/ipc-calls.ts'
import { standIn } from '../provided.ts'
import type { AbilityDetails } from '../runtime.ts'
import type { AbilityConnections } from './ability-connections.ts'
import { AbilityContext } from './ability-context.ts'
import { configuration } from './configuration.ts'
import type { ContextParts } from './context.ts'
import { sendWant } from './send-want.ts'

/** What a page sees as `this.context`. There is nothing to see of it. */
export class UIAbilityContext extends AbilityContext {
  readonly abilityInfo: object
  readonly config: object = configuration()
  #terminating = false
  readonly #calls: Pick<IpcCalls, 'startPage' | 'terminateSelf'>

  constructor(
    ability: AbilityDetails,
    parts: ContextParts,
    connections: AbilityConnections,
    calls: Pick<IpcCalls, 'startPage' | 'terminateSelf'>,
  ) {
    super(ability, parts, connections)
    this.#calls = calls
    this.abilityInfo = {
      bundleName: ability.bundleName,
      moduleName: ability.moduleName,
      name: ability.abilityName,
      label: ability.label,
      description: '',
      enabled: true,
      exported: true,
      applicationInfo: parts.applicationInfo,
    }
  }

  static {
    standIn(this.prototype, 'UIAbilityContext')
  }

  /** Starts a page of the own bundle. @throws BusinessError 401; rejects 201, 16000001, 16000002, 16000050 */
  startAbility(...args: unknown[]): Promise<void> | undefined {
    const want = checkWant(args[0], 'startVpnExtensionAbility')
    return answer(
      sendWant(want, (sent, fds) => this.#calls.startPage(sent, fds)),
      args,
    )
  }

  /** Without effect, as the following: there is nothing to see. @throws BusinessError 401 */
  setColorMode(mode: unknown): void {
    integerParameter(mode, 'colorMode', -1, 1)
  }

  setRestoreEnabled(enabled: unknown): void {
    booleanParameter(enabled, 'enabled')
  }

  setMissionLabel(...args: unknown[]): Promise<void> | undefined {
    textParameter(args[0], 'label')
    return answer(Promise.resolve(), args)
  }

  reportDrawnCompleted(callback: unknown): void {
    void answer(Promise.resolve(), [functionParameter(callback, 'callback')])
  }

  /** The page goes on: here it is never seen. */
  moveAbilityToBackground(): Promise<void> {
    return Promise.resolve()
  }

  isTerminating(): boolean {
    return this.#terminating
  }

  /** Ends the page, after its `onDestroy`. */
  terminateSelf(...args: unknown[]): Promise<void> | undefined {
    this.#terminating = true
    return answer(this.#calls.terminateSelf(), args)
  }
}

function answer(work: Promise<void>, args: readonly unknown[]): Promise<void> | undefined {
  const last = args.at(-1)
  return settle(work, isCallback<void>(last) ? last : undefined)
}
