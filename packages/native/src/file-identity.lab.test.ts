import { fstatSync } from 'node:fs'
import { expect, test } from 'vitest'

import { withFileIdentity } from './file-identity.ts'
import { inetSocket } from './inet-socket.ts'
import { currentUserNamespaceIsInitial } from './namespace.ts'

test.runIf(currentUserNamespaceIsInitial())('sockets belong to the identity they are made under', () => {
  using foreign = withFileIdentity({ uid: 65534, gid: 65534 }, () => inetSocket(4, 'dgram'))
  using own = inetSocket(4, 'dgram')
  expect(fstatSync(foreign.number)).toMatchObject({ uid: 65534, gid: 65534 })
  expect(fstatSync(own.number)).toMatchObject({ uid: process.getuid?.(), gid: process.getgid?.() })
})

test('the identity is put back when the action throws', () => {
  const identity = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  expect(() =>
    withFileIdentity(identity, () => {
      throw new Error('inside')
    }),
  ).toThrow('inside')
  using own = inetSocket(4, 'dgram')
  expect(fstatSync(own.number)).toMatchObject(identity)
})

test('an id that cannot be had is refused', () => {
  expect(() => withFileIdentity({ uid: 0xffffffff, gid: 0 }, () => 'ran')).toThrow(/EINVAL/)
})
