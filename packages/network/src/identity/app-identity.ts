import type { ApplicationList, Selectors } from './application-list.ts'

/**
 * A way to tell the sockets of some applications from all others, for routing rules and the guard. One compliance suite
 * checks them all. What it has put into the kernel stays when this process ends; another object of the same settings finds
 * it again.
 */
export interface AppIdentity {
  readonly kind: 'cgroup' | 'uid-range'
  /** What marks or uids the members' sockets have once the list is applied. Pure. */
  selectors(list: ApplicationList): Selectors
  /**
   * Makes the kernel agree with the list of its slot: members that are new are recognised, and those that left it no longer.
   * It is about sockets made from now on; see {@link closeSockets}. Idempotent.
   *
   * @throws SystemError EPERM without the privilege
   */
  apply(list: ApplicationList): void
  /** Takes the list of a slot back, after a crash too. Idempotent. @returns one line per thing that was there */
  withdraw(slot: number): string[]
  /** Takes back what belongs to no slot in `keep`: what a crash left behind. @returns as {@link withdraw} */
  reconcile(keep: Iterable<number>): string[]
  /**
   * Closes the connections of the members in the network namespace of the calling thread, so that their programs make new
   * ones: for when a list comes, changes or goes. Listening sockets stay.
   *
   * @returns how many
   */
  closeSockets(list: ApplicationList): number
}
