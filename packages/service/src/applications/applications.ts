import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { businessError } from '@vpnext/api'
import { errorText, isErrno, pidfdOpen, pidfdSignal } from '@vpnext/native'
import {
  type DnsRedirect,
  type IdentityPlace,
  type Journal,
  type NetworkSettings,
  type ProgramIdentity,
  dnsRedirectsFor,
  ensureApplicationCgroup,
  enterApplication,
  identityOfProgram,
  listsInForce,
  removeIdleCgroups,
} from '@vpnext/network'
import type { PeerIdentity } from '@vpnext/varlink'
import type { CgroupRoot } from '../hosts/host-places.ts'
import type { TunnelEntry } from '../tunnels/tunnel-entry.ts'
import { IdleWatch } from './idle-watch.ts'

export interface ApplicationsParts {
  readonly network: NetworkSettings
  readonly journal: Journal
  /** Of this instance, `<mount>/vpnext-<instance>`. */
  readonly cgroupRoot: CgroupRoot
  /** The tunnels that stand, the oldest first. */
  readonly tunnels: () => readonly TunnelEntry[]
}

/** What {@link Applications.describe} knows of a program that the kernel does not tell. */
export interface DescribedProgram extends ProgramIdentity {
  readonly dnsRedirects: readonly (DnsRedirect & { readonly interfaceName: string })[]
}

/** Why nobody can be made part of an application here. */
export class NoControlGroups extends Error {
  override readonly name = 'NoControlGroups'
}

/** Programs that are known by the name of a bundle: `vpnext exec`. */
export class Applications implements Disposable {
  readonly #parts: ApplicationsParts
  readonly #idle: IdleWatch

  /** Removes what programs of before left. */
  constructor(parts: ApplicationsParts) {
    this.#parts = parts
    this.#idle = new IdleWatch(() => this.#removeIdle())
    this.#removeIdle()
  }

  /**
   * Makes a process, and whatever it starts from then on, a program of a bundle.
   *
   * @param peer the process, as the kernel noted it when it connected; it waits for the answer, so it is alive
   * @throws BusinessError 401 for what is no name of a bundle; NoControlGroups; Error when the process is gone
   */
  join(peer: PeerIdentity, bundleName: string): void {
    const place = this.#place()
    checkName(bundleName)
    // While the process behind a pidfd lives, its pid is nobody else's.
    using opened = peer.pidfd === undefined ? pidfdOpen(peer.pid) : undefined
    const pidfd = peer.pidfd ?? opened
    if (pidfd === undefined || !pidfdSignal(pidfd, 0) || uidOf(peer.pid) !== peer.uid) {
      throw new Error(`pid ${peer.pid} is not the process that connected`)
    }
    try {
      this.#idle.add(enterApplication(place, { uid: peer.uid, bundle: bundleName }, peer.pid))
    } catch (error) {
      if (!isErrno(error, 'EACCES', 'EROFS', 'EPERM')) throw error
      throw new NoControlGroups(errorText(error), { cause: error })
    }
  }

  /** Makes the control group of a bundle before its host's own goes into it, so that lists that name it cover the host. */
  prepare({ ownerUid, bundleName }: { readonly ownerUid: number; readonly bundleName: string }): void {
    ensureApplicationCgroup(this.#place(), { uid: ownerUid, bundle: bundleName })
  }

  /** Tells what routing, guard and DNS rewriting make of a user's program. */
  describe(uid: number, bundleName: string | undefined): DescribedProgram {
    const { journal, network, tunnels } = this.#parts
    const identity =
      bundleName === undefined
        ? { mark: 0, uids: [] }
        : identityOfProgram(listsInForce(journal), network, { uid, id: bundleName })
    const socket = { uid, mark: identity.mark }
    const dnsRedirects = tunnels().flatMap(({ state, interfaceName }) =>
      state.kind === 'up' || state.kind === 'kept'
        ? dnsRedirectsFor(state.tunnel.plan.steps, socket).map((redirect) => ({ ...redirect, interfaceName }))
        : [],
    )
    return { ...identity, dnsRedirects }
  }

  /** Programs that still run keep their control group, and so their name. */
  [Symbol.dispose](): void {
    this.#idle[Symbol.dispose]()
    this.#removeIdle()
  }

  #place(): IdentityPlace {
    const { cgroupRoot, network, journal } = this.#parts
    if (cgroupRoot.kind === 'unavailable') throw new NoControlGroups(cgroupRoot.reason)
    return { root: join(cgroupRoot.path, '..'), settings: network, journal }
  }

  #removeIdle(): void {
    if (this.#parts.cgroupRoot.kind === 'available') removeIdleCgroups(this.#place())
  }
}

/** Any application may be named, installed here or not; the name becomes that of a folder. */
function checkName(bundleName: string): void {
  if (/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/.test(bundleName)) return
  throw businessError(401, { field: 'bundleName', reason: 'must be 1 to 128 of A-Z, a-z, 0-9, _, - and .' })
}

/** The real uid of a process; undefined when there is none. */
function uidOf(pid: number): number | undefined {
  try {
    const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return uid === undefined ? undefined : Number(uid)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH')) return undefined
    throw error
  }
}
