import { Fd } from '../fd.ts'
import { writeFd } from '../fd-io.ts'
import { declareChecked } from '../libc.ts'

const createEvent = declareChecked<[initial: number, flags: number]>('int eventfd(uint32_t, int)')

const EFD_NONBLOCK = 0o4000
const EFD_CLOEXEC = 0o2000000

/** A counter that poll(2) can wait for (eventfd(2)): readable while it is not 0. Non-blocking, close-on-exec. */
export function eventFd(): Fd {
  return Fd.adopt(createEvent(0, EFD_NONBLOCK | EFD_CLOEXEC))
}

/** Makes an {@link eventFd} readable. Safe from any thread that holds a descriptor of it. */
export function signalEventFd(fd: Fd): void {
  const one = new Uint8Array(8)
  new DataView(one.buffer).setBigUint64(0, 1n, true)
  writeFd(fd, one)
}
