import { socketBuffer, socketFlag } from '@vpnext/native'

import { withBorrowed } from '../file/borrowed-fd.ts'
import type { ExtraOptions } from './extra-options.ts'

/** The options a socket has now; sizes in bytes as the kernel gave them, twice what was asked for. */
export function socketOptionsOf(number: number): ExtraOptions {
  return withBorrowed(number, (fd) => ({
    receiveBufferSize: socketBuffer(fd, 'receive'),
    sendBufferSize: socketBuffer(fd, 'send'),
    reuseAddress: socketFlag(fd, 'reuseAddress'),
  }))
}
