import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { memfdSealed } from '@vpnext/native'
import { type VarlinkClient, connectVarlink } from '@vpnext/varlink'
import type { BundleArchive } from '../src/protocol/bundle.ts'
import { publicInterface } from '../src/protocol/public-interface.ts'
import { type LogEntry, type Service, type ServiceOptions, createService } from '../src/index.ts'
import type { Status } from '../src/status/describe-status.ts'
import { archiveBytes, sampleArchive } from './sample-archive.ts'
import type { TemporaryFolder } from './temporary-folder.ts'

/** Ten times what a host needs on a slow machine, in ms. */
export const deadline = 20_000

/** A service in folders of the test's own, with a client that is root. */
export interface TestService extends AsyncDisposable {
  readonly service: Service
  readonly client: VarlinkClient
  readonly options: ServiceOptions
  readonly socket: string
  /** Every log entry so far. */
  readonly log: LogEntry[]
  /** Resolves with the first entry whose message has this text. */
  logged(text: string): Promise<string>
  install(changes?: Partial<BundleArchive>): Promise<{ codeHash: string; replaced: boolean }>
  allow(bundleName?: string): Promise<void>
  /** Starts the sample extension; `parameters` are those of the want. */
  start(parameters?: object): Promise<void>
  stop(): Promise<void>
  status(): Promise<Status>
  /** Calls a method as another user; see call-as.ts. */
  callAs(
    who: number | { readonly uid: number; readonly gid: number },
    method: string,
    parameters?: object,
    archive?: object,
  ): Promise<Record<string, unknown>>
}

export const sampleWant = { bundleName: 'com.example.vpn', abilityName: 'VpnAbility' }

async function readStatus(client: VarlinkClient): Promise<Status> {
  return (await client.call(publicInterface, 'GetStatus', {})).parameters.status
}

/**
 * Starts a service.
 *
 * @param programs folder with stage1.mjs and call-as.mjs
 */
export async function startTestService(
  folder: TemporaryFolder,
  programs: string,
  options: Partial<ServiceOptions> = {},
): Promise<TestService> {
  const log: LogEntry[] = []
  // Clients of other users come through it.
  chmodSync(folder.path, 0o755)
  mkdirSync(folder.in('etc'), { recursive: true })
  writeFileSync(folder.in('etc', 'resolv.conf'), 'nameserver 192.0.2.1\n')
  writeFileSync(folder.in('etc', 'group'), 'sudo:x:27:\nvpnext:x:990:\n')
  const all: ServiceOptions = {
    runDir: folder.in('run'),
    stateDir: folder.in('state'),
    hostImage: programs,
    instance: `t${process.pid}`,
    resolvConf: folder.in('etc', 'resolv.conf'),
    groupFile: folder.in('etc', 'group'),
    callbackTimeoutMs: deadline,
    log: (entry) => log.push(entry),
    ...options,
  }
  const service = createService(all)
  await service.start()
  const socket = folder.in('run', 'io.vpnext')
  const client = await connectVarlink(socket)

  return {
    service,
    client,
    options: all,
    socket,
    log,
    async logged(text) {
      for (
        const end = Date.now() + deadline;
        Date.now() < end;
        await new Promise((resolve) => setTimeout(resolve, 5))
      ) {
        const found = log.find((entry) => entry.message.includes(text))
        if (found !== undefined) return found.message
      }
      throw new Error(
        `nothing logged with ${text}; the log is:\n${log.map((entry) => entry.message).join('\n')}`,
      )
    },
    async install(changes = {}) {
      using fd = memfdSealed('archive', archiveBytes(sampleArchive(changes)))
      const { bundle, replaced } = (await client.call(publicInterface, 'Install', {}, { fds: [fd] }))
        .parameters
      return { codeHash: bundle.codeHash, replaced }
    },
    async allow(bundleName = 'com.example.vpn') {
      await client.call(publicInterface, 'AnswerConsent', { bundleName, allow: true })
    },
    async start(parameters = {}) {
      await client.call(publicInterface, 'StartAbility', { want: { ...sampleWant, parameters } })
    },
    async stop() {
      await client.call(publicInterface, 'StopAbility', { want: sampleWant })
    },
    status: () => readStatus(client),
    async callAs(who, method, parameters = {}, archive) {
      const { uid, gid } = typeof who === 'number' ? { uid: who, gid: who } : who
      const file = folder.in(`archive-${uid}.json`)
      if (archive !== undefined) writeFileSync(file, archiveBytes(archive), { mode: 0o644 })
      const args = [`${programs}/call-as.mjs`, socket, method, JSON.stringify(parameters)]
      const { stdout } = await promisify(execFile)(
        process.execPath,
        archive === undefined ? args : [...args, file],
        { uid, gid },
      )
      return JSON.parse(stdout) as Record<string, unknown>
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await service.stop()
    },
  }
}
