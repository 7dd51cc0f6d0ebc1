import { describe, expect, test } from 'vitest'

import { inetSocket } from './inet-socket.ts'
import { bindInet } from './socket-binding.ts'
import { localName } from './socket-name.ts'
import { isSystemError } from './system-error.ts'

describe('bindInet', () => {
  test.each([
    [4, '127.0.0.1'],
    [6, '::1'],
  ] as const)('gives an IPv%i socket its address', (family, address) => {
    using fd = inetSocket(family, 'dgram')
    bindInet(fd, address, 0)
    const name = localName(fd)
    expect(name).toMatchObject({ family, address })
    using other = inetSocket(family, 'dgram')
    const port = 'port' in name ? name.port : 0
    expect(port).toBeGreaterThan(0)
    expect(() => bindInet(other, address, port)).toThrow(
      expect.toSatisfy((error) => isSystemError(error, 'EADDRINUSE')),
    )
  })

  test.each([
    ['::1%lo', 1, /address/],
    ['host', 1, /address/],
    ['127.0.0.1', 65536, /port/],
    ['127.0.0.1', 1.5, /port/],
  ])('refuses %s port %d', (address, port, field) => {
    using fd = inetSocket(4, 'dgram')
    expect(() => bindInet(fd, address, port)).toThrow(field)
  })
})
