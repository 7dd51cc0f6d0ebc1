import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Namespace } from '@vpnext/lab'
import { bindMount, makeMountsPrivate, mount, unmount, unshare } from '@vpnext/native'
import { fetchResolved } from './fetch-resolved.ts'

/** A systemd-resolved of our own, run by hand in a namespace. */
export interface ResolvedDaemon extends Disposable {
  readonly resolvectl: string
  /** Runs resolvectl in the namespace. */
  ask(...args: readonly string[]): string
}

/** Any will do that the machine does not use. */
const uid = 61_999

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>
`

/**
 * Starts the system bus and systemd-resolved. For the rest of its life this process has mounts of its own: an empty /run, and
 * users that include systemd-resolve. Nothing of it shows outside.
 */
export async function startResolved(namespace: Namespace): Promise<ResolvedDaemon> {
  const tree = fetchResolved()
  const directory = mkdtempSync(join(tmpdir(), 'vpnext-resolved-'))
  unshare({ mount: true })
  makeMountsPrivate()
  mount('tmpfs', '/run', 'tmpfs', [], 'mode=755')
  mkdirSync('/run/dbus')
  mkdirSync('/run/systemd/resolve', { recursive: true })
  chownSync('/run/systemd/resolve', uid, uid)
  addEntry(directory, 'passwd', `systemd-resolve:x:${uid}:${uid}::/:/usr/sbin/nologin`)
  addEntry(directory, 'group', `systemd-resolve:x:${uid}:`)
  const config = join(directory, 'bus.conf')
  writeFileSync(config, busConfig)
  const resolvectl = join(tree, 'usr/bin/resolvectl')
  const ask = (...args: readonly string[]): string =>
    namespace.run(() =>
      execFileSync(resolvectl, args, { env: {}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    )
  const bus = namespace.spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--nopidfile'], {
    stdio: 'ignore',
  })
  await until(
    () => readFileSync('/proc/net/unix', 'latin1').includes('/run/dbus/system_bus_socket'),
    namespace,
  )
  const daemon = namespace.spawn(join(tree, 'lib/systemd/systemd-resolved'), [], { stdio: 'ignore', env: {} })
  await until(() => ask('status') !== '', namespace)
  return {
    resolvectl,
    ask,
    [Symbol.dispose]: () => {
      daemon.kill('SIGKILL')
      bus.kill('SIGKILL')
      for (const path of ['/etc/passwd', '/etc/group', '/run']) unmount(path, { detach: true })
      rmSync(directory, { recursive: true })
    },
  }
}

function addEntry(directory: string, name: string, line: string): void {
  const copy = join(directory, name)
  writeFileSync(copy, `${readFileSync(`/etc/${name}`, 'utf8').trimEnd()}\n${line}\n`)
  bindMount(copy, `/etc/${name}`)
}

const deadlineMs = 20_000

async function until(isReady: () => boolean, namespace: Namespace): Promise<void> {
  const end = performance.now() + deadlineMs
  for (;;) {
    try {
      if (namespace.run(isReady)) return
    } catch (error) {
      if (performance.now() > end) throw error
    }
    if (performance.now() > end) throw new Error('the resolver did not start')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
