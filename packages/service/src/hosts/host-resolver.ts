import { closeSync, constants, fchmodSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Journal, uplinkResolver } from '@vpnext/network'
import { readText } from '../state/document.ts'

const { O_CREAT, O_NOFOLLOW, O_WRONLY } = constants

/** The file by which hosts see the resolver configuration of the uplink, also when it changes while they run. */
export class HostResolver {
  readonly #resolvConf: string
  readonly #path: string
  readonly #journal: Journal

  /**
   * @param resolvConf the system's, which tunnels may write
   * @param stateDir has a file for the uplink's
   */
  constructor(resolvConf: string, stateDir: string, journal: Journal) {
    this.#resolvConf = resolvConf
    this.#path = join(stateDir, 'uplink-resolv.conf')
    this.#journal = journal
  }

  /**
   * Brings the file up to date.
   *
   * @returns its absolute path
   * @throws node's error when the file cannot be written
   */
  refresh(): string {
    const text = uplinkResolver(this.#resolvConf, this.#journal)
    if (readText(this.#path) !== text) overwrite(this.#path, Buffer.from(text))
    return this.#path
  }
}

/** Not by another file in its place: hosts have this one mounted. Anybody may read it, as they may read the system's. */
function overwrite(path: string, content: Uint8Array): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o644)
  try {
    fchmodSync(fd, 0o644)
    writeSync(fd, content, 0, content.length, 0)
    ftruncateSync(fd, content.length)
  } finally {
    closeSync(fd)
  }
}
