import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Gets systemd-resolved from Debian's archive without installing it: its installation would replace /etc/resolv.conf. It is
 * unpacked once, below the folder for temporary files.
 *
 * @returns the folder that holds `usr/bin/resolvectl` and `lib/systemd/systemd-resolved`
 * @throws Error with apt's words when it cannot be had
 */
export function fetchResolved(): string {
  const cache = join(tmpdir(), 'vpnext-test-resolved')
  if (existsSync(cache) && lstatSync(cache).uid !== process.getuid?.()) {
    throw new Error(`${cache} belongs to somebody else; it is run as root`)
  }
  if (existsSync(join(cache, 'usr/bin/resolvectl'))) return cache
  const work = mkdtempSync(join(tmpdir(), 'vpnext-test-fetch-'))
  try {
    download(work)
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'))
    if (archive === undefined) throw new Error('apt-get download left no package')
    mkdirSync(join(work, 'tree'))
    execFileSync('dpkg', ['-x', join(work, archive), join(work, 'tree')])
    rmSync(cache, { recursive: true, force: true })
    renameSync(join(work, 'tree'), cache)
    return cache
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** A machine that has never asked for the lists of packages must do so first. */
function download(directory: string): void {
  const apt = (...args: string[]): void => {
    execFileSync('apt-get', ['-q', ...args], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    })
  }
  try {
    apt('download', 'systemd-resolved')
  } catch {
    apt('update')
    apt('download', 'systemd-resolved')
  }
}
