import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SystemError } from '@vpnext/native'
import { defaultSettings, identityOfProgram, listsInForce, openJournal } from '@vpnext/network'
import { publicInterface, type tunnelInfo } from '@vpnext/service/protocol'
import { type Infer, type VarlinkClient, connectVarlink } from '@vpnext/varlink'
import { type CliContext, socketPathOf, stateDirOf } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'

/** Whose packets are asked about, and how the kernel tells them from others. */
export interface Program {
  readonly uid: number
  /** Identity bits of their SO_MARK. */
  readonly mark: number
  /** Under whose name they run. */
  readonly app?: string
  /** Where their DNS questions are sent instead. */
  readonly dnsRedirects: readonly {
    readonly from: string
    readonly to: string
    readonly interfaceName: string
  }[]
}

/** What only the service knows; without one the kernel has to do. */
export interface ServiceKnowledge {
  readonly state: 'answers' | 'none'
  readonly tunnels: readonly Infer<typeof tunnelInfo>[]
  readonly program: Program
}

/** Which service is meant, and whose packets. */
export interface KnowledgeOptions {
  readonly runDir?: string
  readonly stateDir?: string
  readonly instance: string
  readonly resolvConf: string
  readonly app?: string
  readonly uid?: number
}

/**
 * Asks the service, if there is one, about tunnels and about a program.
 *
 * @throws CliFailure 3 when only a service could tell which packets are meant, 4 when it may not
 */
export async function askService(context: CliContext, options: KnowledgeOptions): Promise<ServiceKnowledge> {
  const client = await connectIfAny(context, options)
  if (client === undefined) return { state: 'none', tunnels: [], program: programWithout(context, options) }
  await using connection = client
  const { signal } = context
  const { app } = options
  const own = process.getuid?.() ?? 0
  const question = { uid: options.uid ?? own, ...(app === undefined ? {} : { bundleName: app }) }
  const { parameters } = await connection.call(publicInterface, 'DescribeProgram', question, { signal })
  const { status } = (await connection.call(publicInterface, 'GetStatus', {}, { signal })).parameters
  const { mark, uids, dnsRedirects } = parameters
  return {
    state: 'answers',
    tunnels: status.tunnels,
    program: { uid: uidOf(options, mark, uids), mark, dnsRedirects, ...(app === undefined ? {} : { app }) },
  }
}

async function connectIfAny(
  context: CliContext,
  options: KnowledgeOptions,
): Promise<VarlinkClient | undefined> {
  try {
    return await connectVarlink(socketPathOf(context, options), { signal: context.signal })
  } catch (error) {
    if (error instanceof SystemError && ['ENOENT', 'ECONNREFUSED'].includes(error.code)) return undefined
    throw error
  }
}

/** The tunnels of a service that was killed are on record; its journal is root's. */
function programWithout(context: CliContext, options: KnowledgeOptions): Program {
  const { app, instance, resolvConf } = options
  const uid = options.uid ?? process.getuid?.() ?? 0
  if (app === undefined) return { uid, mark: 0, dnsRedirects: [] }
  const directory = join(stateDirOf(context, options), 'journal')
  // To whom the state folder is closed, it does not exist.
  if (!existsSync(directory)) {
    throw new CliFailure(exitCodes.noService, `no service tells which packets are those of ${app}`, {
      hint: 'start one with `vpnext service run`, or name its --run-dir; of a killed one, root reads the --state-dir',
    })
  }
  const settings = defaultSettings({ instance, resolvConf: resolve(resolvConf) })
  const lists = listsInForce(openJournal(directory, settings))
  const { mark, uids } = identityOfProgram(lists, settings, { uid, id: app })
  return { uid: uidOf(options, mark, uids), mark, app, dnsRedirects: [] }
}

/** An application without marks may have a user of its own. */
function uidOf({ uid }: KnowledgeOptions, mark: number, uids: readonly number[]): number {
  return uid ?? (mark === 0 ? uids[0] : undefined) ?? process.getuid?.() ?? 0
}
