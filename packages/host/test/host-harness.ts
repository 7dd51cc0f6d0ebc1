import { type Fd, sendMessage, socketPair } from '@vpnext/native'
import { type HostLaunch, abilityInterface, hostInterface } from '@vpnext/service/protocol'
import { type Handlers, type Peer, createPeer, implement } from '@vpnext/varlink'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Uid of hosts in these tests; nothing on the machine has it. */
export const hostUid = 20010001

/** Builds the host image into a folder of its own. @returns its path; the caller removes it */
export function buildTestImage(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'vpnext-image-')), 'image')
  execFileSync(process.execPath, [
    fileURLToPath(new URL('../scripts/build-image.mjs', import.meta.url)),
    folder,
  ])
  return folder
}

export interface HostOptions {
  readonly image: string
  /** CommonJS text of the extension. */
  readonly script: string
  /** Its source map, at scripts/main.cjs.map. */
  readonly sourceMap?: string
  /** Files of the bundle besides, by their paths below its folder. */
  readonly files?: Readonly<Record<string, string>>
  /** Changes to what stage 1 is told. */
  readonly launch?: { readonly [K in keyof HostLaunch]?: HostLaunch[K] | undefined }
  /** Answers of the service besides the usual ones. */
  readonly handlers?: Partial<Handlers<typeof hostInterface>>
  /** Program and arguments before node, e.g. `unshare -Ur`. */
  readonly wrapper?: readonly string[]
}

/** A host whose service is the test. */
export interface TestHost extends AsyncDisposable {
  readonly peer: Peer
  readonly process: ChildProcess
  /** What Attach said. */
  readonly attached: Promise<{ sandbox: string[]; missing: string[] }>
  /** Lines of the log so far. */
  readonly log: string[]
  /** What stage 1 or node wrote on stderr and stdout. */
  output(): string
  readonly exited: Promise<{ code: number | null; signal: string | null }>
  create(parameters?: object): Promise<void>
  destroy(): Promise<void>
  /** Waits until a log line contains `text`, and gives that line. */
  logged(text: string): Promise<string>
}

/** Starts a host as the service does. */
export function startHost(options: HostOptions): TestHost {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-host-'))
  const launch = prepare(folder, options)
  const [ours, theirs] = socketPair('seqpacket')
  const command = [...(options.wrapper ?? []), process.execPath, join(options.image, 'stage1.mjs')]
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe', theirs.number],
    env: {},
  })
  theirs.close()
  sendMessage(ours, Buffer.from(JSON.stringify(launch)))
  return new Harness(child, ours, options, folder)
}

function prepare(folder: string, options: HostOptions): object {
  const bundleFolder = join(folder, 'bundle')
  const dataFolder = join(folder, 'data')
  mkdirSync(join(bundleFolder, 'scripts'), { recursive: true })
  mkdirSync(dataFolder)
  // The machine's umask must not keep the host from reading its bundle.
  chmodSync(bundleFolder, 0o755)
  chmodSync(join(bundleFolder, 'scripts'), 0o755)
  writeFileSync(join(bundleFolder, 'scripts/main.cjs'), options.script, { mode: 0o644 })
  if (options.sourceMap !== undefined) {
    writeFileSync(join(bundleFolder, 'scripts/main.cjs.map'), options.sourceMap, { mode: 0o644 })
  }
  for (const [path, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(bundleFolder, path)), { recursive: true })
    writeFileSync(join(bundleFolder, path), text, { mode: 0o644 })
  }
  if (process.getuid?.() === 0 && options.wrapper?.includes('--user') !== true)
    chownSync(dataFolder, hostUid, hostUid)
  return {
    identity: { uid: hostUid, gid: hostUid },
    nodePath: process.execPath,
    hostImage: options.image,
    bundleFolder,
    dataFolder,
    resolvConf: '/etc/resolv.conf',
    ...options.launch,
  }
}

class Harness implements TestHost {
  readonly peer: Peer
  readonly process: ChildProcess
  readonly log: string[] = []
  readonly attached: Promise<{ sandbox: string[]; missing: string[] }>
  readonly exited: Promise<{ code: number | null; signal: string | null }>
  readonly #folder: string
  #output = ''
  #onLine: (() => void)[] = []

  constructor(child: ChildProcess, channel: Fd, options: HostOptions, folder: string) {
    this.process = child
    this.#folder = folder
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.#output += text.toString()
      })
    }
    let attach: (findings: { sandbox: string[]; missing: string[] }) => void = () => undefined
    this.attached = new Promise((resolve, reject) => {
      attach = resolve
      void this.exited.then(({ code, signal }) =>
        reject(new Error(`host ended with ${code ?? signal} before it attached: ${this.#output}`)),
      )
    })
    this.attached.catch(() => undefined)
    this.peer = createPeer(channel, {
      interfaces: [
        implement(hostInterface, {
          Attach: (findings) => {
            attach(findings)
            return identity
          },
          CreateVpn: unexpected,
          DestroyVpn: () => ({}),
          Protect: () => ({}),
          ProtectProcess: () => ({ by: 'nobody' as const }),
          CountTraffic: () => ({ received: 0, sent: 0 }),
          SetAlwaysOn: () => ({}),
          IsAlwaysOn: () => ({ enabled: false }),
          UpdateAuthorization: () => ({}),
          StartAbility: () => ({}),
          StopAbility: () => ({}),
          StartPage: () => ({}),
          TerminateSelf: () => ({}),
          ConnectAbility: unexpected,
          DisconnectAbility: () => ({}),
          SendRequest: unexpected,
          ReportTest: () => ({}),
          FinishTests: () => ({}),
          SearchLog: () => ({ found: false }),
          ClearLog: () => ({}),
          PublishEvent: () => ({}),
          SubscribeEvents: () => ({}),
          UnsubscribeEvents: () => ({}),
          Log: ({ level, tag, message }) => {
            this.log.push(`${level} ${tag}: ${message}`)
            for (const wake of this.#onLine.splice(0)) wake()
            return {}
          },
          ...options.handlers,
        }),
      ],
    })
  }

  output(): string {
    return this.#output
  }

  async create(parameters: object = {}): Promise<void> {
    await this.attached
    const want = { bundleName: 'com.example.vpn', abilityName: 'MyVpn', parameters }
    await this.peer.call(abilityInterface, 'Create', { want })
  }

  async destroy(): Promise<void> {
    await this.peer.call(abilityInterface, 'Destroy', {})
  }

  async logged(text: string): Promise<string> {
    for (;;) {
      const line = this.log.find((candidate) => candidate.includes(text))
      if (line !== undefined) return line
      await new Promise<void>((resolve, reject) => {
        this.#onLine.push(resolve)
        void this.exited.then(() => reject(new Error(`the host ended: ${this.#output}`)))
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
    await this.peer.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const identity = {
  bundleName: 'com.example.vpn',
  moduleName: 'entry',
  abilityName: 'MyVpn',
  kind: 'extension' as const,
  script: 'main',
  exportName: 'default',
  versionCode: 1,
  versionName: '1.0',
  label: 'Example',
  permissions: ['ohos.permission.INTERNET', 'ohos.permission.GET_NETWORK_INFO'],
  ownerUid: 0,
  systemApplication: false,
}

function unexpected(): never {
  throw new Error('the test did not expect this call')
}
