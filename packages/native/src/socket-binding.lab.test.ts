import { expect, test } from 'vitest'

import { inetSocket } from './inet-socket.ts'
import { createNetworkNamespace, withNetworkNamespace } from './namespace.ts'
import { bindToDevice } from './socket-binding.ts'
import { isSystemError } from './system-error.ts'

test('a socket is tied to an interface of its namespace', () => {
  using namespace = createNetworkNamespace()
  using fd = withNetworkNamespace(namespace, () => inetSocket(4, 'stream'))
  bindToDevice(fd, 'lo')
  expect(() => bindToDevice(fd, 'no-such-link')).toThrow(
    expect.toSatisfy((error) => isSystemError(error, 'ENODEV')),
  )
  expect(() => bindToDevice(fd, 'sixteen-bytes-xx')).toThrow(/interfaceName/)
  expect(() => bindToDevice(fd, '')).toThrow(/interfaceName/)
})
