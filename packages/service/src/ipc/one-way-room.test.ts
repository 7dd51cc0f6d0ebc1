import { isVarlinkError } from '@vpnext/varlink'
import { expect, test } from 'vitest'
import { hostInterface } from '../protocol/host-interface.ts'
import { OneWayRoom } from './one-way-room.ts'

function codeOf(action: () => unknown): number | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    return isVarlinkError(error, hostInterface, 'BusinessError') ? error.parameters.code : undefined
  }
}

test.each([
  ['requests', 0, 0, 1024],
  ['bytes', 1024 * 1024, 0, 4],
  ['descriptors', 100, 16, 4],
])(
  '%s that wait are limited, and make room when they are on their way',
  (_what, bytes, descriptors, most) => {
    const room = new OneWayRoom()
    const taken = Array.from({ length: most }, () => room.take(bytes, descriptors))
    expect(codeOf(() => room.take(bytes, descriptors))).toBe(1900007)
    taken.pop()?.[Symbol.dispose]()
    taken.push(room.take(bytes, descriptors))
    expect(codeOf(() => room.take(bytes, descriptors))).toBe(1900007)
    for (const each of taken) each[Symbol.dispose]()
    expect(codeOf(() => room.take(5_000_000, 100))).toBeUndefined()
  },
)
