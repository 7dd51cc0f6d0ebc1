import { Fd } from '../fd.ts'
import { declareChecked } from '../libc.ts'

const duplicate = declareChecked<[fd: number, command: number, least: number]>('int fcntl(int, int, int)')
const F_DUPFD_CLOEXEC = 1030

/**
 * A descriptor of one's own for a file that somebody else, who may well be an {@link Fd} of this thread, keeps open
 * under `number`. The two are closed independently.
 *
 * @throws RangeError when `number` is no descriptor number
 * @throws SystemError EBADF when nothing is open there, EMFILE
 */
export function duplicateDescriptor(number: number): Fd {
  if (!Number.isInteger(number) || number < 0 || number > 0x7fffffff) {
    throw new RangeError(`fd: ${number} is not a descriptor`)
  }
  return Fd.adopt(duplicate(number, F_DUPFD_CLOEXEC, 0))
}
