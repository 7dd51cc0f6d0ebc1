import { currentUserNamespaceIsInitial } from '@vpnext/native'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OrdinaryUser } from '../test/ordinary-user.ts'
import { createPlace } from '../test/test-service.ts'
import type { DemoReport } from './demo/report.ts'
import { exitCodes } from './exit-codes.ts'

// Only the machine's root can play somebody else, and make a device file for them.
describe.skipIf(!currentUserNamespaceIsInitial())('an ordinary user', () => {
  let user: OrdinaryUser
  beforeAll(() => {
    user = new OrdinaryUser()
  })
  afterAll(() => {
    const left = user.left()
    user[Symbol.dispose]()
    expect(left).toEqual([])
  })

  test('where /dev/net/tun is closed, is told the udev rule that opens it: 4', async () => {
    const { code, stdout, stderr } = await user.run('closed', ['demo', '--yes'])
    expect({ code, stdout }).toEqual({ code: exitCodes.refused, stdout: '' })
    expect(stderr).toContain('/dev/net/tun is not open to ordinary users')
    expect(stderr).toContain('KERNEL=="tun", MODE="0666"')
    expect(stderr).toContain('/etc/udev/rules.d/')
  })

  test('where there is no /dev/net/tun, is told how to get it: 4', async () => {
    const { code, stderr } = await user.run('absent', ['demo', '--yes'])
    expect(code).toBe(exitCodes.refused)
    expect(stderr).toContain('/dev/net/tun does not exist')
    expect(stderr).toContain('modprobe tun')
  })

  test('the whole demo in a user namespace; what the kernel refuses there is named', async () => {
    const { code, stdout, stderr } = await user.run('open', ['demo', '--yes', '--json'])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const report = JSON.parse(stdout) as DemoReport
    expect(report).toMatchObject({ ok: true, privilege: 'user namespace', leftBehind: [] })
    expect(report.checks.filter((check) => !check.ok)).toEqual([])
    const names = report.refused.map((reason) => reason.split(':')[0])
    expect(names).toContain('own uid')
    expect(names).toEqual([...new Set(names)])
    expect(report.sandbox).toEqual(expect.arrayContaining(['no capabilities', 'seccomp', 'own /proc']))
  })

  test('the picture names it too', async () => {
    const { code, stdout } = await user.run('open', ['demo', '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('– not here: own uid: ')
    expect(stdout).toMatch(/all of it holds\n/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s to the command alone ends what runs inside, too',
    async (signal) => {
      const demo = user.start('open', ['demo', '--yes'])
      await demo.waitFor('starting the service')
      demo.kill(signal)
      expect(await demo.finished).toMatchObject({
        code: exitCodes.interrupted,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`vpnext: stopped by ${signal}\n$`)) as string,
      })
      expect(user.left()).toEqual([])
    },
  )

  test('doctor says what is closed to them, and a repair they may not make is refused: 4', async () => {
    using place = createPlace()
    const look = await user.run('closed', ['doctor'])
    expect(look.code).toBe(0)
    expect(look.stdout).toMatch(/^-- {2}TUN device .* closed to you\n +→ .*KERNEL=="tun"/m)
    expect(look.stdout).toMatch(/^-- {2}privilege +uid 65534$/m)
    // The place is closed to others, as a service's state folder is.
    const theirs = ['doctor', '--state-dir', place.folder]
    expect((await user.run('closed', theirs)).stdout).toContain('cannot be looked at')
    expect(await user.run('closed', [...theirs, '--repair'])).toMatchObject({
      code: exitCodes.refused,
      stdout: '',
      stderr: `vpnext: leftovers cannot be looked at: ${place.folder} is closed to you\n  run it as the user the service runs as\n`,
    })
  })

  test('cannot run the service outside a namespace of their own: 4', async () => {
    const { code, stderr } = await user.run('open', ['service', 'run'])
    expect(code).toBe(exitCodes.refused)
    expect(stderr).toContain('unshare --user')
  })
})
