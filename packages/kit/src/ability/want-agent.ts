import { BusinessError, type Want, businessError, checkWant } from '@vpnext/api'
import { isDeepStrictEqual } from 'node:util'

import { isCallback, settle } from '../async-forms.ts'
import { asyncForm } from '../call-forms.ts'
import {
  integerParameter,
  listParameter,
  objectParameter,
  optionalMember,
  parameterError,
} from '../parameters.ts'
import { provide } from '../provided.ts'

/** `wantAgent.OperationType`. */
const operationType = {
  UNKNOWN_TYPE: 0,
  START_ABILITY: 1,
  START_ABILITIES: 2,
  START_SERVICE: 3,
  SEND_COMMON_EVENT: 4,
} as const

/** `wantAgent.WantAgentFlags`. They have no effect: an agent lives and dies with the process here. */
const wantAgentFlags = {
  ONE_TIME_FLAG: 0,
  NO_BUILD_FLAG: 1,
  CANCEL_PRESENT_FLAG: 2,
  UPDATE_PRESENT_FLAG: 3,
  CONSTANT_FLAG: 4,
  REPLACE_ELEMENT: 5,
  REPLACE_ACTION: 6,
  REPLACE_URI: 7,
  REPLACE_ENTITIES: 8,
  REPLACE_BUNDLE: 9,
} as const

/** What an agent needs of the process. */
export interface WantAgentParts {
  readonly bundleName: string
  readonly uid: number
  startAbility(want: Want): Promise<void>
  /** Publishes a common event with these parameters. */
  publish(event: string, parameters: object | undefined): Promise<void>
}

/** `WantAgent`: opaque; it says what to do later. */
class WantAgent {
  readonly #intent: Intent

  constructor(intent: Intent) {
    this.#intent = intent
  }

  /** @throws BusinessError 16000151 for anything else */
  static intentOf(agent: unknown): Intent {
    if (typeof agent === 'object' && agent !== null && #intent in agent) return agent.#intent
    throw new BusinessError(16000151, 'Invalid wantagent object.')
  }
}

interface Intent {
  readonly wants: readonly Want[]
  readonly operation: number
  readonly requestCode: number
  cancelled: boolean
}

/** `wantAgent` of `@kit.AbilityKit`. */
export function wantAgentNamespace(parts: WantAgentParts): object {
  return provide('wantAgent', {
    getWantAgent: asyncForm(
      ([info]) => readIntent(info),
      async (intent) => new WantAgent(intent),
    ),
    getBundleName: ofAgent(() => parts.bundleName),
    getUid: ofAgent(() => parts.uid),
    getOperationType: ofAgent(({ operation }) => operation),
    cancel: ofAgent((intent) => {
      intent.cancelled = true
    }),
    equal: asyncForm(
      ([one, other]) => [WantAgent.intentOf(one), WantAgent.intentOf(other)] as const,
      async ([one, other]) => isDeepStrictEqual({ ...one, cancelled: false }, { ...other, cancelled: false }),
    ),
    trigger(...args: unknown[]) {
      const intent = WantAgent.intentOf(args[0])
      const callback = isCallback<object>(args[2]) ? args[2] : undefined
      const done = trigger(intent, parts).then((want) => ({
        info: args[0],
        want,
        finalCode: 0,
        finalData: '',
      }))
      if (callback !== undefined) return settle<object>(done, callback)
      // Without a callback nobody hears of the outcome, as on the device.
      done.catch(() => undefined)
      return undefined
    },
    OperationType: provide('wantAgent.OperationType', operationType),
    WantAgentFlags: provide('wantAgent.WantAgentFlags', wantAgentFlags),
  })
}

function ofAgent<T>(answer: (intent: Intent) => T): (...args: unknown[]) => Promise<T> | undefined {
  return asyncForm(
    ([agent]) => WantAgent.intentOf(agent),
    async (intent) => answer(intent),
  )
}

function readIntent(value: unknown): Intent {
  const info = objectParameter(value, 'info')
  const wants = listParameter(Reflect.get(info, 'wants'), 'info.wants', (want) => checkWant(want))
  if (wants.length === 0) throw parameterError('info.wants', 'is empty')
  const number = (field: string): number | undefined =>
    optionalMember(info, field, 'info', (member, path) => integerParameter(member, path))
  return {
    wants,
    operation: number('actionType') ?? number('operationType') ?? operationType.UNKNOWN_TYPE,
    requestCode: number('requestCode') ?? 0,
    cancelled: false,
  }
}

/** Does what the agent says, as far as a bundle may do it itself. @returns the first want */
async function trigger(intent: Intent, parts: WantAgentParts): Promise<Want | undefined> {
  const [first] = intent.wants
  if (intent.cancelled) throw new BusinessError(16000151, 'Invalid wantagent object.')
  switch (intent.operation) {
    case operationType.START_ABILITY:
    case operationType.START_ABILITIES:
    case operationType.START_SERVICE:
      for (const want of intent.wants) {
        const { bundleName = parts.bundleName } = want
        if (bundleName !== parts.bundleName)
          throw businessError(801, {
            field: 'want.bundleName',
            reason: 'an agent starts its own bundle only',
          })
        await parts.startAbility({ ...want, bundleName })
      }
      return first
    case operationType.SEND_COMMON_EVENT:
      if (first?.action === undefined) throw parameterError('want.action', 'names no event')
      await parts.publish(first.action, first.parameters)
      return first
    default:
      throw businessError(801, { field: 'operationType', reason: `${intent.operation} is not provided` })
  }
}
