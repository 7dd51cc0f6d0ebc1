import type { Fd } from '@vpnext/native'
import type { Want } from '@vpnext/api'

import type { ThreadPlace } from './arkts/threads/thread-place.ts'
import type { EventCalls } from './events/event-calls.ts'
import type { IpcCalls } from './ipc/ipc-calls.ts'

/** How serious a line of the log is; the levels of hilog. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** One line that an extension wrote with hilog or console. */
export interface LogLine {
  readonly level: LogLevel
  /** hilog's domain, 0..0xFFFF. */
  readonly domain: number
  readonly tag: string
  readonly message: string
}

/** The ability that the process runs, as the service tells it. */
export interface AbilityDetails {
  /** What the process runs: default an extension. */
  readonly kind?: 'extension' | 'page' | 'test'
  readonly bundleName: string
  readonly moduleName: string
  readonly abilityName: string
  readonly versionCode: number
  readonly versionName: string
  readonly label: string
  /** What the bundle's manifest asks for, e.g. `ohos.permission.MANAGE_VPN`. */
  readonly permissions: readonly string[]
  /** The administrator has made the bundle a system application. */
  readonly systemApplication: boolean
}

/** A tunnel that the service has set up. */
export interface CreatedTunnel {
  /** The TUN descriptor; the caller owns it now. */
  readonly fd: Fd
  readonly interfaceName: string
}

/** How the sockets of a process are protected: by the kernel, or by nobody, and then why. */
export type ProcessProtection = { readonly by: 'kernel' } | { readonly by: 'nobody'; readonly reason: string }

/** What the kits ask of the service. Every call rejects with a BusinessError of the API document and nothing else. */
export interface ServiceCalls extends EventCalls, IpcCalls {
  /** @param config plain JSON in the shape of `VpnConfig` */
  createVpn(config: object): Promise<CreatedTunnel>
  /** @param vpnId undefined for the bundle's own single tunnel */
  destroyVpn(vpnId: string | undefined): Promise<void>
  /** @param socket an IPv4 or IPv6 socket; it stays the caller's, who may let go of it as soon as the call has been made */
  protect(socket: Fd): Promise<void>
  /** Has the kernel protect every socket that the process makes from now on. Never rejects. */
  protectProcess(): Promise<ProcessProtection>
  /** Bytes of this process, IP headers included, since it first asked. */
  countTraffic(): Promise<{ readonly received: number; readonly sent: number }>
  setAlwaysOn(bundleName: string, enable: boolean): Promise<void>
  isAlwaysOn(bundleName: string): Promise<boolean>
  /** Records the answer of a system application's consent dialog. */
  updateAuthorization(bundleName: string, allow: boolean): Promise<void>
  /** @param fds what the Want speaks of; they stay the caller's, who may close them as soon as the call has been made */
  startAbility(want: Want, fds: readonly Fd[]): Promise<void>
  stopAbility(want: Want): Promise<void>
}

/** What the kits need of the process they run in. */
export interface KitRuntime {
  readonly service: ServiceCalls
  /** Absent in a thread that runs no ability: contexts do not exist there, and starting an ability fails 16000011. */
  readonly ability?: AbilityDetails
  /** What threads of `taskpool` load: the script that the process runs, absolute. Absent: tasks run in the thread that asks. */
  readonly script?: string
  /** What this thread is, when the kits have begun it. */
  readonly thread?: ThreadPlace
  /** Root of the ability's writable folders, e.g. `/data/storage`; absolute. */
  readonly dataFolder: string
  /** Where the bundle's code and resources lie, e.g. `/bundle`; absolute. */
  readonly bundleFolder: string
  /** User id of the process. */
  readonly uid: number
  /** Takes one line; must not throw and must not write to `console`. */
  log(line: LogLine): void
  /** Resolves when the lines so far have left the process. Absent: they leave at once. */
  readonly flushLog?: () => Promise<void>
}
