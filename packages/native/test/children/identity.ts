// As root: gives its privileges up in the order of a real host, and tries to get them back.
import {
  dropBoundingCapabilities,
  dropCapabilities,
  inetSocket,
  peerGroups,
  processCapabilities,
  setMark,
  setProcessIdentity,
  socketPair,
  threadIdentity,
} from '@vpnext/native'

import { outcome, report } from './report.ts'

const invalid = outcome(() => setProcessIdentity({ uid: 20010001, gid: 20010001, groups: [-1] }))
const identityBefore = threadIdentity()
const groups = Array.from({ length: 100 }, (_, index) => 20010200 - index)
dropBoundingCapabilities()
const bounding = processCapabilities().bounding
setProcessIdentity({ uid: 20010001, gid: 20010002, groups: [20010003, ...groups] })
dropCapabilities()
const [left] = socketPair('stream')
const socket = inetSocket(4, 'dgram')
report({
  invalid,
  identityBefore,
  bounding,
  identity: threadIdentity(),
  capabilities: processCapabilities(),
  peerGroups: [...new Set(peerGroups(left))].toSorted((a, b) => a - b),
  root: outcome(() => setProcessIdentity({ uid: 0, gid: 0, groups: [] })),
  mark: outcome(() => setMark(socket, 1, 1)),
})
