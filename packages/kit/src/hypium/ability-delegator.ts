import type { Want } from '@vpnext/api'
import { businessError, checkWant } from '@vpnext/api'
import type { Fd } from '@vpnext/native'

import type { Context } from '../ability/context.ts'
import { sendWant } from '../ability/send-want.ts'
import { isCallback, settle } from '../async-forms.ts'
import { integerParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import type { AbilityDetails } from '../runtime.ts'
import { type AbilityMonitors, lifecycleState } from './ability-monitors.ts'
import { executeShellCommand } from './shell-command.ts'
import { show } from './show.ts'

/** What the registry needs of its process. */
export interface DelegatorParts {
  readonly ability: AbilityDetails
  /** Of the application. */
  readonly context: () => Context
  /** The `-s` of `aa test`. */
  readonly parameters: () => Readonly<Record<string, unknown>>
  readonly print: (text: string) => void
  readonly startPage: (want: Want, fds: readonly Fd[]) => Promise<void>
  readonly finish: (message: string, code: number) => Promise<void>
  readonly monitors: AbilityMonitors
}

/** `abilityDelegatorRegistry`: what a test knows of its run, and may do to the application. */
export function abilityDelegatorRegistry(parts: DelegatorParts): object {
  const { ability, print, monitors } = parts
  const startPage = (want: Want): Promise<void> => sendWant(want, (sent, fds) => parts.startPage(sent, fds))
  const delegator = provide('AbilityDelegator', {
    startAbility: (...args: unknown[]) =>
      withCallback(startPage(checkWant(args[0], 'startVpnExtensionAbility')), args),
    addAbilityMonitor: (...args: unknown[]) =>
      withCallback(
        attempt(() => monitors.add(args[0])),
        args,
      ),
    addAbilityMonitorSync: (monitor: unknown) => monitors.add(monitor),
    removeAbilityMonitor: (...args: unknown[]) =>
      withCallback(
        attempt(() => monitors.remove(args[0])),
        args,
      ),
    removeAbilityMonitorSync: (monitor: unknown) => monitors.remove(monitor),
    /** `waitAbilityMonitor(monitor, timeout?, callback?)`. */
    waitAbilityMonitor(...args: unknown[]): Promise<object> | undefined {
      const [monitor, timeout] = args
      const limit = typeof timeout === 'number' ? integerParameter(timeout, 'timeout', 0) : undefined
      return withCallback(monitors.wait(monitor, limit), args)
    },
    getAbilityState: (page: unknown) => monitors.stateOf(page),
    getCurrentTopAbility: (...args: unknown[]) =>
      withCallback(
        attempt(() => monitors.top()),
        args,
      ),
    getAppContext: () => parts.context(),
    print(...args: unknown[]): Promise<void> | undefined {
      print(`${textParameter(args[0], 'msg')}\n`)
      return withCallback(Promise.resolve(), args)
    },
    printSync: (text: unknown) => print(`${textParameter(text, 'msg')}\n`),
    /** `executeShellCommand(cmd, timeoutSecs?, callback?)`. */
    executeShellCommand(...args: unknown[]): Promise<object> | undefined {
      return withCallback(executeShellCommand(textParameter(args[0], 'cmd'), startPage), args)
    },
    finishTest: (...args: unknown[]) =>
      withCallback(parts.finish(textParameter(args[0], 'msg'), integerParameter(args[1], 'code')), args),
  })
  return provide('abilityDelegatorRegistry', {
    AbilityLifecycleState: stateEnum,
    getAbilityDelegator: () => delegator,
    getArguments: () => {
      const parameters = parts.parameters()
      return {
        bundleName: ability.bundleName,
        parameters,
        testCaseNames: show(parameters['class'] ?? ''),
        testRunnerClassName: show(parameters['unittest'] ?? 'OpenHarmonyTestRunner'),
      }
    },
  })
}

const stateEnum = provide('abilityDelegatorRegistry.AbilityLifecycleState', lifecycleState)

/** What `action` throws is the promise's. */
async function attempt<T>(action: () => T): Promise<T> {
  return action()
}

function withCallback<T>(work: Promise<T>, args: readonly unknown[]): Promise<T> | undefined {
  const last = args.at(-1)
  return settle(work, isCallback<T>(last) ? last : undefined)
}

const absent = (): never => {
  throw businessError(801, { field: 'abilityDelegatorRegistry', reason: 'this process runs no tests' })
}

/** The registry of a process that runs no tests: each call fails 801. */
export function noDelegator(): object {
  return provide('abilityDelegatorRegistry', {
    AbilityLifecycleState: stateEnum,
    getAbilityDelegator: absent,
    getArguments: absent,
  })
}
