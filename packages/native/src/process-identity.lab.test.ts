import { expect, test } from 'vitest'

import { childReport } from '../test/run-child.ts'
import { threadIdentity } from './process-identity.ts'

test('identity and capabilities are given up for good', async () => {
  // More than the 64 that a reader of peer groups has room for at first; one is given twice.
  const groups = [20010003, ...Array.from({ length: 100 }, (_, index) => 20010101 + index)]
  expect(await childReport('identity')).toEqual({
    invalid: 'RangeError: groups[0]: -1 is no id',
    identityBefore: JSON.parse(JSON.stringify(threadIdentity())),
    bounding: [],
    identity: {
      uid: [20010001, 20010001, 20010001],
      gid: [20010002, 20010002, 20010002],
      groups,
    },
    capabilities: { effective: [], permitted: [], inheritable: [], bounding: [], ambient: [] },
    peerGroups: groups,
    root: 'EPERM',
    mark: 'EPERM',
  })
})
