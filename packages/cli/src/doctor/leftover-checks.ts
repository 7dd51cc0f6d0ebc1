import { resolve } from 'node:path'
import { isErrno } from '@vpnext/native'
import { JournalError } from '@vpnext/network'
import {
  type InstancePlace,
  type Leftover,
  ServiceError,
  findLeftovers,
  removeLeftovers,
} from '@vpnext/service'
import { CliFailure } from '../cli-failure.ts'
import { type CliContext, stateDirOf } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Check } from './check.ts'

/** Which service is meant, and whether to repair. */
export interface LeftoverOptions {
  readonly stateDir?: string
  readonly instance: string
  readonly resolvConf: string
  readonly repair?: boolean
  readonly keepAlwaysOn?: boolean
}

const name = 'leftovers'

/**
 * What a service that was killed left behind. Of one that runs nothing is looked at: it is not left over.
 *
 * @throws SystemError when the kernel does not answer
 */
export async function checkLeftovers(context: CliContext, options: LeftoverOptions): Promise<Check[]> {
  const { instance } = options
  const place = { stateDir: stateDirOf(context, options), instance, resolvConf: resolve(options.resolvConf) }
  try {
    return options.repair === true ? await repaired(place, options.keepAlwaysOn === true) : found(place)
  } catch (error) {
    const check = explain(error, place)
    if (check === undefined) throw error
    // Who asks for a repair and may not make one has to know.
    if (options.repair !== true || check.state.kind !== 'lacking') return [check]
    if (!isClosed(error)) throw error
    const { detail, remedy } = check.state
    throw new CliFailure(exitCodes.refused, `${name} ${detail}`, { hint: remedy, cause: error })
  }
}

function found(place: InstancePlace): Check[] {
  const leftovers = findLeftovers(place)
  if (leftovers.length === 0) return [{ name, state: { kind: 'fine', detail: 'none' } }]
  return leftovers.map((leftover) => ({ name, state: { kind: 'leftover', detail: describe(leftover) } }))
}

async function repaired(place: InstancePlace, keepsAlwaysOn: boolean): Promise<Check[]> {
  const { removed, failed } = await removeLeftovers(place, { keepsAlwaysOn })
  if (removed.length === 0 && failed.length === 0) return [{ name, state: { kind: 'fine', detail: 'none' } }]
  return [
    ...removed.map((what): Check => ({ name, state: { kind: 'fine', detail: `taken away: ${what}` } })),
    ...failed.map((what): Check => ({ name, state: { kind: 'leftover', detail: `remains: ${what}` } })),
  ]
}

function describe(leftover: Leftover): string {
  switch (leftover.kind) {
    case 'tunnel':
      return leftover.ahead
        ? `traffic that ${leftover.bundleName} keeps closed while it has no tunnel`
        : `tunnel ${leftover.interfaceName} of ${leftover.bundleName}`
    case 'cgroup':
      return `control group ${leftover.path}`
    default:
      return leftover satisfies never
  }
}

/** What keeps the doctor from looking is a finding too. */
function explain(error: unknown, { stateDir }: InstancePlace): Check | undefined {
  if (error instanceof ServiceError && error.code === 'in-use') {
    return { name, state: { kind: 'fine', detail: `${error.message}, which looks after its own` } }
  }
  if (error instanceof ServiceError || error instanceof JournalError) {
    const remedy = 'this is no folder of a service, or it was changed by hand: name the right --state-dir'
    return { name, state: { kind: 'lacking', detail: error.message, remedy } }
  }
  if (isClosed(error)) {
    const detail = `cannot be looked at: ${stateDir} is closed to you`
    return { name, state: { kind: 'lacking', detail, remedy: 'run it as the user the service runs as' } }
  }
  return undefined
}

function isClosed(error: unknown): boolean {
  return isErrno(error, 'EACCES', 'EPERM')
}
