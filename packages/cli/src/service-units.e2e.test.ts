import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type Inventory,
  type Lab,
  createLab,
  expectNothingLeft,
  labAddresses,
  takeInventory,
  tcpProbe,
} from '@vpnext/lab'
import { diffSnapshots, takeSnapshot } from '@vpnext/network'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BootedMachine, bootSystemd } from '../test/booted-systemd.ts'
import { serviceUnit } from './units/service-unit.ts'
import { unitPlace } from './units/place.ts'
import { unitWord } from './units/unit-words.ts'

const program = { node: process.execPath, script: '/opt/vpnext/packages/cli/dist/main.js' }
/** Of 10, where 10 is no protection at all; an ordinary service of root has 9.6. systemd-analyze(1) */
const mostExposure = 4.0

const run = promisify(execFile)

describe('the unit, by systemd’s own judgement', () => {
  test.each([
    ['default', 'with-network'],
    ['second', 'before-network'],
  ] as const)(
    'instance %s, started %s: nothing to complain about, and little exposed',
    async (instance, order) => {
      const folder = mkdtempSync(join(tmpdir(), 'vpnext-unit-'))
      try {
        const place = unitPlace(instance, '/etc/resolv.conf')
        const path = join(folder, place.unit)
        // It looks whether the programs are there.
        writeFileSync(path, serviceUnit(place, { ...program, script: process.execPath }, order))
        const verified = await run('systemd-analyze', ['verify', '--man=no', path])
        expect(verified.stderr + verified.stdout).toBe('')
        const threshold = `--threshold=${mostExposure * 10}`
        const judged = await run('systemd-analyze', [
          'security',
          '--offline=yes',
          '--no-pager',
          threshold,
          path,
        ])
        expect(judged.stdout).toMatch(/Overall exposure level for vpnext(-second)?\.service: [0-4]\.\d/)
        // The same look does complain.
        await expect(
          run('systemd-analyze', ['security', '--offline=yes', '--threshold=10', path]),
        ).rejects.toThrow()
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})

test('a program with blanks and specifiers in its path is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-unit-'))
  try {
    const node = join(folder, 'a b 100% $HOME')
    const place = unitPlace('default', join(folder, 'x y', 'resolv.conf'))
    const path = join(folder, place.unit)
    writeFileSync(path, serviceUnit(place, { node, script: node }, 'with-network'))
    // It looks whether the program is there, and says which it missed.
    const missed = await run('systemd-analyze', ['verify', '--man=no', path]).catch((error: unknown) => error)
    expect(String(Reflect.get(Object(missed), 'stderr'))).toContain(`Command ${node} is not executable`)
    copyFileSync('/bin/true', node)
    chmodSync(node, 0o755)
    const verified = await run('systemd-analyze', ['verify', '--man=no', path])
    expect(verified.stderr + verified.stdout).toBe('')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('on a machine that systemd runs', () => {
  const hello = 'io.vpnext.hello'
  const left = ['/etc/systemd', '/etc/sysusers.d', '/etc/tmpfiles.d', '/etc/vpnext', '/run', '/var/lib']
  let inventory: Inventory
  let lab: Lab
  let machine: BootedMachine
  let before: { readonly files: string; readonly network: ReturnType<typeof takeSnapshot> }

  beforeAll(async () => {
    inventory = takeInventory()
    lab = await createLab()
    machine = await bootSystemd(lab.client)
    before = { files: await listFiles(), network: lab.client.run(() => takeSnapshot()) }
  })
  afterAll(async () => {
    await machine[Symbol.asyncDispose]()
    await lab[Symbol.asyncDispose]()
    await expectNothingLeft(inventory)
  })

  const show = async (...properties: string[]): Promise<string> =>
    (
      await machine.run('systemctl', [
        'show',
        '--value',
        ...properties.map((name) => `-p${name}`),
        'vpnext.service',
      ])
    ).stdout
  const listFiles = async (): Promise<string> => {
    const { stdout } = await machine.run('find', [...left, '-path', '/run/systemd', '-prune', '-o', '-print'])
    const { stdout: groups } = await machine.run('grep', ['-c', '^vpnext:', '/etc/group'])
    return `${stdout.split('\n').toSorted().join('\n')}\nvpnext groups: ${groups}`
  }

  test('install starts it, and it says itself that it is ready', async () => {
    const installed = await machine.vpnext('service', 'install')
    expect(installed, machine.console()).toMatchObject({ code: 0, stderr: '' })
    expect(installed.stdout).toContain('vpnext.service runs, and will with the machine')
    expect(await show('ActiveState', 'SubState', 'UnitFileState', 'Type')).toMatch(/notify|active/)
    expect((await machine.run('systemctl', ['is-active', 'vpnext.service'])).stdout).toBe('active\n')
    expect((await machine.run('systemctl', ['is-enabled', 'vpnext.service'])).stdout).toBe('enabled\n')
    expect((await machine.run('getent', ['group', 'vpnext'])).stdout).toMatch(/^vpnext:x:\d+:$/m)
    expect((await machine.vpnext('status')).stdout).toContain('nothing runs')
    const again = await machine.vpnext('service', 'install')
    expect(again.code).toBe(0)
  })

  test('hardened as it is, it runs an extension with a whole sandbox, whose packets flow', async () => {
    expect(await machine.vpnext('install', '/opt/vpnext/apps/hello-vpn')).toMatchObject({ code: 0 })
    const started = await machine.vpnext('start', hello, '--yes')
    expect(started, (await machine.vpnext('logs')).stdout).toMatchObject({ code: 0 })
    const { hosts, tunnels } = JSON.parse((await machine.vpnext('status', '--json')).stdout) as {
      hosts: { missing: string[]; pid: number }[]
      tunnels: { interfaceName: string }[]
    }
    expect(tunnels).toMatchObject([{ interfaceName: 'vpn-tun' }])
    expect(hosts).toMatchObject([{ missing: [] }])
    for (const version of ['v4', 'v6'] as const) {
      expect(await tcpProbe(lab.client, labAddresses.internet[version])).toBe(labAddresses.gateway[version])
    }
    const resolver = await machine.run('cat', ['/etc/resolv.conf'])
    expect(resolver.stdout).toContain('nameserver 10.8.0.1')
    expect((await machine.run('stat', ['-c', '%a', '/etc/resolv.conf'])).stdout).toBe('644\n')
    // The stranger's code is the first to go when memory is short, as any program is.
    expect((await machine.run('cat', [`/proc/${hosts[0]?.pid}/oom_score_adj`])).stdout).toBe('0\n')
    expect(
      (await machine.vpnext('exec', 'com.example.one', '--', 'cat', '/proc/self/cgroup')).stdout,
    ).toContain('/vpnext-default/0/com.example.one\n')
  })

  test('it has the capabilities of its list and no other, and cannot write where it has no business', async () => {
    const pid = (await show('MainPID')).trim()
    const status = (await machine.run('cat', [`/proc/${pid}/status`])).stdout
    const effective = /^CapEff:\s+(\w+)/m.exec(status)?.[1]
    // CHOWN 0, DAC_OVERRIDE 1, FOWNER 3, KILL 5, SETGID 6, SETUID 7, SETPCAP 8, NET_ADMIN 12, SYS_ADMIN 21
    const expected = [0, 1, 3, 5, 6, 7, 8, 12, 21].reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)
    expect(BigInt(`0x${effective}`)).toBe(expected)
    expect(status).toMatch(/^NoNewPrivs:\s+1/m)
    expect(status).toMatch(/^Seccomp:\s+2/m)
    const mounts = (await machine.run('cat', [`/proc/${pid}/mountinfo`])).stdout
    expect(mounts).toMatch(/ \/ \/ ro,/)
  })

  test('killed, it is repaired and comes back', async () => {
    const pid = (await show('MainPID')).trim()
    await machine.run('kill', ['-9', pid])
    for (let round = 0; round < 200; round += 1) {
      const { stdout } = await machine.vpnext('status')
      if (stdout.includes('nothing runs')) break
    }
    expect((await show('MainPID')).trim()).not.toBe(pid)
    expect((await machine.vpnext('status')).stdout).toContain('nothing runs')
    expect(await tcpProbe(lab.client, labAddresses.internet.v4)).toBe(labAddresses.client.v4)
  })

  test('a word of a command line arrives as it was, whatever is in it', async () => {
    const words = ['a b', '"', "'", '\\', '100%', '$HOME ${HOME}', '%n', ';', '-x', 'plain/path-1.2']
    const text = `[Service]
Type=oneshot
StandardOutput=file:/run/words
ExecStart=/usr/bin/printf ${['%s|', ...words].map(unitWord).join(' ')}
`
    await machine.run('tee', ['/run/systemd/system/words.service'], { input: text })
    await machine.run('systemctl', ['daemon-reload'])
    expect((await machine.run('systemctl', ['start', 'words.service'])).stderr).toBe('')
    expect((await machine.run('cat', ['/run/words'])).stdout).toBe(words.map((word) => `${word}|`).join(''))
    await machine.run('rm', ['/run/words', '/run/systemd/system/words.service'])
  })

  test('installed to be before the network, it is ready before anybody may set one up', async () => {
    // Of a oneshot or a target, the moment it was reached, in µs.
    const readyAt = async (unit: string): Promise<number> => {
      const { stdout } = await machine.run('systemctl', [
        'show',
        '--value',
        '-pActiveEnterTimestampMonotonic',
        unit,
      ])
      return Number(stdout)
    }
    const restart = async (): Promise<void> => {
      await machine.run('systemctl', ['stop', 'vpnext.service', 'network-pre.target'])
      expect((await machine.run('systemctl', ['start', 'vpnext.service'])).stderr).toBe('')
    }
    await restart()
    expect(await readyAt('network-pre.target')).toBeLessThan(await readyAt('vpnext.service'))
    expect(await machine.vpnext('service', 'install', '--before-network')).toMatchObject({ code: 0 })
    await restart()
    expect(await readyAt('network-pre.target')).toBeGreaterThan(await readyAt('vpnext.service'))
  })

  test('uninstall leaves nothing but the state, and with --purge nothing at all', async () => {
    const kept = await machine.vpnext('service', 'uninstall')
    expect(kept, machine.console()).toMatchObject({ code: 0, stderr: '' })
    expect(kept.stdout).toContain('/var/lib/vpnext stays')
    expect((await machine.run('test', ['-d', '/var/lib/vpnext/bundles'])).code).toBe(0)
    expect((await machine.run('systemctl', ['is-active', 'vpnext.service'])).stdout).toBe('inactive\n')
    expect(await machine.vpnext('service', 'uninstall', '--purge')).toMatchObject({ code: 0, stderr: '' })
    expect(await listFiles()).toBe(before.files)
    expect(
      diffSnapshots(
        before.network,
        lab.client.run(() => takeSnapshot()),
      ),
    ).toEqual([])
  })
})
