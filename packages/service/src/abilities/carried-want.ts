import {
  type Want,
  businessError,
  checkWant,
  descriptorNumbers,
  descriptorPlaces,
  withoutDescriptors,
} from '@vpnext/api'
import { type Fd, clearLinger, closeInThread, describeSocket } from '@vpnext/native'

/** Descriptors of the Wants of one process that may be on their way at a time: they are held while a user is asked, and an ability starts. */
export const maxDescriptorsOnTheWay = 64

/** How many of them there are. */
export interface OnTheWay {
  descriptors: number
}

/** What a Want travels with from one process to the next. */
export interface WantMessage {
  readonly want: Want
  readonly fds: readonly Fd[]
}

/**
 * A Want on its way to an ability, with the descriptors that its parameters speak of by their places in a list. They are held until
 * they have been sent to the ability, or it is certain that it does not get them, and never longer.
 */
export class CarriedWant implements Disposable {
  readonly #want: Want
  readonly #onTheWay: OnTheWay
  readonly #speaksOfSome: boolean
  #fds: readonly Fd[]

  /** @param fds given away; they are the Want's, see {@link CarriedWant.of} */
  private constructor(want: Want, fds: readonly Fd[], onTheWay: OnTheWay) {
    this.#want = want
    this.#fds = fds
    this.#speaksOfSome = fds.length > 0
    this.#onTheWay = onTheWay
    onTheWay.descriptors += fds.length
  }

  /** A Want of the service's own. */
  static plain(want: Want): CarriedWant {
    return new CarriedWant(want, [], { descriptors: 0 })
  }

  /**
   * A Want of a stranger.
   *
   * @param input anything
   * @param fds that came with it; given away, whatever happens
   * @param onTheWay of whoever sends it
   * @throws BusinessError 401 for what is no Want, and where it speaks of other descriptors than came; 16000050 where too many are on
   * their way
   */
  static of(input: unknown, fds: readonly Fd[], onTheWay: OnTheWay): CarriedWant {
    try {
      const want = checkWant(input)
      checkPlaces(want, fds.length)
      if (onTheWay.descriptors + fds.length > maxDescriptorsOnTheWay)
        throw businessError(16000050, {
          reason: `more than ${maxDescriptorsOnTheWay} descriptors of this process are on their way in Wants`,
        })
      // The service closes its copies of what strangers give each other: that must not wait.
      for (const fd of fds) if (describeSocket(fd) !== undefined) clearLinger(fd)
      return new CarriedWant(want, fds, onTheWay)
    } catch (error) {
      for (const fd of fds) closeInThread(fd)
      throw error
    }
  }

  /** Names and parameters. What stands for descriptors in these means nothing without them. */
  get want(): Want {
    return this.#want
  }

  get hasDescriptors(): boolean {
    return this.#fds.length > 0
  }

  /** What a process is sent. The descriptors stay the Want's; when they are gone it speaks of none. */
  message(): WantMessage {
    return { want: this.hasDescriptors ? this.#want : this.withoutDescriptors(), fds: this.#fds }
  }

  /** What is told of it when they are gone. */
  withoutDescriptors(): Want {
    return this.#speaksOfSome ? withoutDescriptors(checkWant(this.#want)) : this.#want
  }

  /** Closes the descriptors; again: nothing. */
  [Symbol.dispose](): void {
    this.#onTheWay.descriptors -= this.#fds.length
    for (const fd of this.#fds) closeInThread(fd)
    this.#fds = []
  }
}

/** Each descriptor has a place of its own. @throws BusinessError 401 */
function checkPlaces(want: Want, count: number): void {
  const places = descriptorPlaces(want)
  const numbers = descriptorNumbers(places)
  const [first] = places
  const call = 'startVpnExtensionAbility'
  if (count === 0 && first !== undefined)
    throw businessError(
      401,
      { field: first.path, reason: 'a descriptor comes from a page or an extension, and from nobody else' },
      { call },
    )
  const told = new Set(numbers)
  if (numbers.length === count && told.size === count && numbers.every((number) => number < count)) return
  throw businessError(
    401,
    { field: 'want.parameters', reason: 'speaks of other descriptors than came' },
    { call },
  )
}
