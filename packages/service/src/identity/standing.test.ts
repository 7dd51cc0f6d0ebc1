import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { parseIdMap } from './id-map.ts'
import { type Caller, mayOwnVpn, standingOf } from './standing.ts'

const caller = (uid: number, gid = uid, groups: number[] = []): Caller => ({ uid, gid, groups })

function withGroups<T>(text: string, action: (rules: Parameters<typeof standingOf>[1]) => T): T {
  using folder = temporaryFolder()
  writeFileSync(folder.in('group'), text)
  return action({ adminGroups: ['sudo', 'wheel'], userGroup: 'vpnext', groupFile: folder.in('group') })
}
const groups = 'root:x:0:\nsudo:x:27:alice\nvpnext:x:990:bob\nstaff:x:50:\n'

test('root and members of the administrators groups are administrators, by main or supplementary group', () => {
  withGroups(groups, (rules) => {
    expect(standingOf(caller(0), rules)).toBe('admin')
    expect(standingOf(caller(1000, 1000, [27]), rules)).toBe('admin')
    expect(standingOf(caller(1000, 27), rules)).toBe('admin')
    expect(standingOf(caller(1000, 1000, [50]), rules)).toBe('user')
    expect(standingOf(caller(999), rules)).toBe('system')
    expect(standingOf(caller(999, 999, [27]), rules)).toBe('admin')
  })
})

test('the names in the group file do not count, only what the kernel says of the caller', () => {
  withGroups('sudo:x:27:alice\nvpnext:x:990:alice\n', (rules) => {
    expect(mayOwnVpn(caller(1000), rules).allowed).toBe(false)
  })
})

test('a VPN is for administrators and the members of the user group', () => {
  withGroups(groups, (rules) => {
    expect(mayOwnVpn(caller(0), rules).allowed).toBe(true)
    expect(mayOwnVpn(caller(1000, 1000, [27]), rules).allowed).toBe(true)
    expect(mayOwnVpn(caller(1000, 1000, [990]), rules).allowed).toBe(true)
    expect(mayOwnVpn(caller(1000), rules)).toMatchObject({
      allowed: false,
      hint: expect.stringContaining('usermod') as string,
    })
    expect(mayOwnVpn(caller(33, 33, [990]), rules)).toMatchObject({ allowed: false })
  })
})

test('while the user group does not exist, only administrators may, and the hint says how to make it', () => {
  withGroups('sudo:x:27:\n', (rules) => {
    expect(mayOwnVpn(caller(0), rules).allowed).toBe(true)
    expect(mayOwnVpn(caller(1000), rules)).toMatchObject({
      allowed: false,
      hint: expect.stringContaining('groupadd') as string,
    })
  })
})

test('an id map tells which ids exist', () => {
  const initial = parseIdMap('         0          0 4294967295\n')
  expect([initial.has(0), initial.has(20_010_000), initial.has(4_294_967_295)]).toEqual([true, true, false])
  const rootless = parseIdMap('         0       1000          1\n         1     100000      65536\n')
  expect([rootless.has(0), rootless.has(65_536), rootless.has(65_537), rootless.has(20_010_000)]).toEqual([
    true,
    true,
    false,
    false,
  ])
})
