import { setTimeout as sleep } from 'node:timers/promises'
import type { EndAddresses, Link } from './link.ts'

/** The inner MTU of every tunnel, bytes: the default of WireGuard over IPv6 or IPv4. */
export const tunnelMtu = 1420

/** A tunnel that is up, or the bare link. */
export interface Tunnel extends AsyncDisposable {
  readonly addresses: EndAddresses
  /** The processes that move its packets, of both ends. */
  readonly pids: readonly number[]
}

/** Something that carries packets from one end to the other. */
export interface Contender {
  readonly name: string
  /**
   * @param slot a number of its own, for addresses and ports: 1 to 99
   * @throws Error when it cannot be had here
   */
  open(link: Link, slot: number): Promise<Tunnel>
}

/** The port of a contender's datagrams. */
export function portOf(slot: number): number {
  return 42_000 + slot
}

/** Waits until `done` holds. @throws Error naming what was waited for, after ten seconds */
export async function waitFor(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within 10 s`)
    await sleep(20)
  }
}
