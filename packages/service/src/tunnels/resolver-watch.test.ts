import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LogBook } from '../logs/log-book.ts'
import { watchResolvers } from './resolver-watch.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-watch-'))
  mkdirSync(join(folder, 'etc'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = (...names: string[]): string => join(folder, ...names)

/** A watch of etc/resolv.conf, and a way to wait until whoever goes by it was told again. */
function watched(folders: readonly string[] = []): Disposable & { told: () => Promise<void> } {
  let times = 0
  const parts = {
    places: { followResolver: () => void times++ },
    tunnels: { followResolvers: () => Promise.resolve() },
  }
  const watch = watchResolvers(parts, path('etc', 'resolv.conf'), new LogBook(() => undefined), folders)
  return {
    async told() {
      await vi.waitFor(() => expect(times).toBeGreaterThan(0), { timeout: 20_000, interval: 5 })
      // What settles together is told once.
      await new Promise((resolve) => setTimeout(resolve, 200))
      times = 0
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  }
}

test('a file that is written or replaced is told', async () => {
  using watch = watched()
  writeFileSync(path('etc', 'resolv.conf'), 'nameserver 192.0.2.1\n')
  await watch.told()
  writeFileSync(path('etc', 'new'), 'nameserver 192.0.2.2\n')
  renameSync(path('etc', 'new'), path('etc', 'resolv.conf'))
  await watch.told()
})

test('folders that appear later are watched from then on, however deep', async () => {
  using watch = watched([path('run', 'systemd', 'resolve')])
  mkdirSync(path('run'))
  await watch.told()
  mkdirSync(path('run', 'systemd', 'resolve'), { recursive: true })
  await watch.told()
  writeFileSync(path('run', 'systemd', 'resolve', 'resolv.conf'), 'nameserver 192.0.2.1\n')
  await watch.told()
})

test('what a link leads to is watched, also when it is not there yet', async () => {
  symlinkSync('../run/resolve/stub-resolv.conf', path('etc', 'resolv.conf'))
  using watch = watched()
  mkdirSync(path('run', 'resolve'), { recursive: true })
  await watch.told()
  writeFileSync(path('run', 'resolve', 'stub-resolv.conf'), 'nameserver 127.0.0.53\n')
  await watch.told()
})
