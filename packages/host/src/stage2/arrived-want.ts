import { type DescriptorPlace, type Want, checkWant, descriptorPlaces } from '@vpnext/api'
import type { Fd } from '@vpnext/native'

/**
 * A Want that has come to this process. As on a device each callback gets it with descriptors of its own, under numbers of their own,
 * which its code is to close: in its parameters, and those that are members of these in `fds` too.
 */
export class ArrivedWant implements Disposable {
  readonly #value: unknown
  #fds: readonly Fd[]

  /** @param fds given away */
  constructor(value: unknown, fds: readonly Fd[]) {
    this.#value = value
    this.#fds = fds
  }

  /** For a callback that others follow. @throws SystemError EMFILE; BusinessError 401 for what is no Want */
  next(): Want {
    const copies: Fd[] = []
    try {
      for (const fd of this.#fds) copies.push(fd.dup())
    } catch (error) {
      for (const copy of copies) copy.close()
      throw error
    }
    return this.#with(copies)
  }

  /** For the last callback. */
  last(): Want {
    const fds = this.#fds
    this.#fds = []
    return this.#with(fds)
  }

  /** Closes what no callback has got. */
  [Symbol.dispose](): void {
    for (const fd of this.#fds) fd.close()
    this.#fds = []
  }

  /** @param fds given away, to code that closes them by their numbers */
  #with(fds: readonly Fd[]): Want {
    // On a device a Want has parameters even when nobody gave any, and code counts on that.
    const want = checkWant(this.#value)
    const parameters = want.parameters ?? {}
    const places = descriptorPlaces({ parameters })
    if (places.length === 0) return { ...want, parameters }
    const numbers = fds.map((fd) => fd.release())
    const named = places.flatMap((place): [string, number][] => arrive(place, numbers))
    return { ...want, parameters, fds: Object.fromEntries(named) }
  }
}

/** Puts the number into a place. @returns its name and number, if `want.fds` has it */
function arrive(place: DescriptorPlace, numbers: readonly number[]): [string, number][] {
  const number = numbers[Number(place.value)]
  if (number === undefined) {
    place.remove()
    return []
  }
  place.put(number)
  return place.name === undefined ? [] : [[place.name, number]]
}
