import type { Infer } from '@vpnext/varlink'
import type { HostRun, LocalRemote } from '../abilities/host-run.ts'
import { maxDescriptor, type remoteReference } from '../protocol/ipc-types.ts'
import { ipcError } from './ipc-error.ts'

/** A remote object on its way, as the protocol has it. */
export type RemoteReference = Infer<typeof remoteReference>

/** Objects of one host that others may know. */
const maxObjects = 4096

/** A remote object: the host that it lives in, and that host's number for it. */
export interface RemoteNode {
  readonly number: number
  readonly run: HostRun
  readonly object: number
  /** Hosts that were given it, and nobody else, may call it. */
  readonly holders: Set<HostRun>
}

/**
 * Who knows which remote object. A host can name only what it was given: by onConnect, or in a request or a reply. Numbers
 * are the service's and are never used again.
 */
export class RemoteObjects {
  readonly #nodes = new Map<number, RemoteNode>()
  readonly #byOwner = new Map<HostRun, Map<number, RemoteNode>>()
  #last = 0

  /**
   * Hands an object of `from` to `to`.
   *
   * @param object as `from` knows it
   * @throws VarlinkError BusinessError 1900009 when `from` has given away too many
   */
  give(from: HostRun, { id, descriptor }: LocalRemote, to: HostRun): RemoteReference {
    if (descriptor.length > maxDescriptor)
      throw ipcError(1900009, `a descriptor has at most ${maxDescriptor} characters`)
    if (from === to) return { own: true, id, descriptor }
    const node = this.#nodeOf(from, id)
    node.holders.add(to)
    return { own: false, id: node.number, descriptor }
  }

  /**
   * Puts the references of a message of `from` as `to` reads them.
   *
   * @throws VarlinkError BusinessError 1900008 for one that `from` was not given
   */
  pass(references: readonly RemoteReference[], from: HostRun, to: HostRun): RemoteReference[] {
    return references.map(({ own, id, descriptor }) => {
      const node = own ? undefined : this.find(from, id)
      if (node === undefined) return this.give(from, { id, descriptor }, to)
      return this.give(node.run, { id: node.object, descriptor }, to)
    })
  }

  /** The object that a host means. @throws VarlinkError BusinessError 1900008 for one that it was not given, or that has gone */
  find(holder: HostRun, number: number): RemoteNode {
    const node = this.#nodes.get(number)
    if (node?.holders.has(holder) !== true) throw ipcError(1900008, 'there is no such remote object')
    return node
  }

  /** A host has ended. @returns who held its objects, and the numbers they knew them by */
  release(run: HostRun): { readonly holder: HostRun; readonly number: number }[] {
    const gone = [...(this.#byOwner.get(run)?.values() ?? [])]
    this.#byOwner.delete(run)
    for (const { number } of gone) this.#nodes.delete(number)
    for (const node of this.#nodes.values()) node.holders.delete(run)
    return gone.flatMap(({ number, holders }) => [...holders].map((holder) => ({ holder, number })))
  }

  #nodeOf(run: HostRun, object: number): RemoteNode {
    const own = this.#byOwner.get(run) ?? new Map<number, RemoteNode>()
    this.#byOwner.set(run, own)
    const known = own.get(object)
    if (known !== undefined) return known
    if (own.size >= maxObjects)
      throw ipcError(1900009, `a process may give away ${maxObjects} remote objects`)
    this.#last += 1
    const node: RemoteNode = { number: this.#last, run, object, holders: new Set() }
    own.set(object, node)
    this.#nodes.set(node.number, node)
    return node
  }
}
