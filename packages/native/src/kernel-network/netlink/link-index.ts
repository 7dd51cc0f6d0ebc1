import type { Fd } from '../../fd.ts'
import { check, declareRaw } from '../../libc.ts'

const control = declareRaw<[fd: number, request: number, argument: Uint8Array]>(
  'int ioctl(int, unsigned long, void *)',
)

/** include/uapi/linux/sockios.h */
const SIOCGIFINDEX = 0x8933
/** sizeof(struct ifreq), LP64: the name, then a union that begins with the index. */
const REQUEST_SIZE = 40
const NAME_SIZE = 16

/**
 * The index of a link by its name: netdevice(7), a tenth of what the list of all links costs.
 *
 * @param socket any, of the network namespace in question
 * @throws SystemError ENODEV when there is none of that name
 * @throws RangeError for a name of no or more than 15 bytes
 */
export function linkIndexOf(socket: Fd, name: string): number {
  const request = Buffer.alloc(REQUEST_SIZE)
  const bytes = Buffer.from(name, 'utf8')
  if (bytes.length === 0 || bytes.length >= NAME_SIZE || bytes.includes(0)) {
    throw new RangeError('name: an interface name has 1 to 15 bytes and no NUL')
  }
  bytes.copy(request)
  check(control(socket.number, SIOCGIFINDEX, request), 'SIOCGIFINDEX', name)
  return request.readInt32LE(NAME_SIZE)
}
