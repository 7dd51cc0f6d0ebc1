import { type Want, businessError, descriptorNumbers, descriptorPlaces } from '@vpnext/api'
import { type Fd, errorText } from '@vpnext/native'

import { isOpen, withBorrowed } from '../file/borrowed-fd.ts'

/**
 * Sends a Want with the descriptors that its parameters speak of.
 *
 * @param want a copy that `checkWant` has made; it is changed
 * @param send gets the Want as it travels, in which places in the list stand for numbers. The descriptors are copies that are closed when
 * it returns: what it calls of the service has copies of its own by then, and the caller keeps the one that was named
 * @throws BusinessError 401 naming the member whose number is none, or not open; then nothing is sent
 */
export function sendWant<T>(want: Want, send: (want: Want, fds: readonly Fd[]) => T): T {
  const places = descriptorPlaces(want)
  const numbers = descriptorNumbers(places)
  const copies: Fd[] = []
  try {
    for (const [index, place] of places.entries()) {
      copies.push(copyOf(numbers[index] ?? -1, place.path))
      place.put(index)
    }
    return send(want, copies)
  } finally {
    for (const copy of copies) copy.close()
  }
}

function copyOf(number: number, path: string): Fd {
  try {
    if (isOpen(number)) return withBorrowed(number, (fd) => fd.dup())
  } catch (error) {
    throw refused(path, `cannot be copied: ${errorText(error)}`)
  }
  throw refused(path, `${number} is not open`)
}

function refused(path: string, reason: string): Error {
  return businessError(401, { field: `${path}.value`, reason }, { call: 'startVpnExtensionAbility' })
}
