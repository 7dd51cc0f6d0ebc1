/**
 * The wireguard-go that tests and figures compare with: 0.0.20231211 or newer, which has TUN and UDP offloads of its own.
 * `node scripts/lib/wireguard-go.mjs` prints its path.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StepFailed, main, step } from './progress.mjs'

const oldestVersion = '0.0.20231211'
/** A symbol that it has and its predecessors lack. What `--version` prints is not kept up to date upstream. */
const newSymbol = 'ErrUDPGSODisabled'
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * The system's when it is new enough; otherwise Debian's, unpacked into a cache folder beside the system, which stays as
 * it is. Signatures are checked by apt.
 *
 * @returns {Promise<string>} the path of the program
 * @throws {StepFailed} when it cannot be had
 */
export async function wireguardGo() {
  const installed = ['/usr/bin/wireguard-go', '/usr/local/bin/wireguard-go'].find(isNewEnough)
  if (installed !== undefined) return installed
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vpnext/wireguard-go')
  const program = join(folder, 'usr/bin/wireguard-go')
  if (!isNewEnough(program)) await unpackInto(folder)
  if (!isNewEnough(program)) throw new StepFailed(`${program} is older than ${oldestVersion}`)
  return program
}

function isNewEnough(program) {
  return existsSync(program) && readFileSync(program).includes(newSymbol)
}

/** Downloads the package with apt's own signature checks, but with lists and sources of its own. */
async function unpackInto(folder) {
  if (!existsSync(keyring)) {
    throw new StepFailed(`no wireguard-go since ${oldestVersion} here, and no Debian to fetch it from`)
  }
  const work = mkdtempSync(join(tmpdir(), 'vpnext-wireguard-go-'))
  try {
    const suite = debianRelease() === 'bookworm' ? 'bookworm-backports' : 'trixie'
    const sources = join(work, 'sources.list')
    writeFileSync(sources, `deb [signed-by=${keyring}] http://deb.debian.org/debian ${suite} main\n`)
    for (const name of ['lists/partial', 'cache/archives/partial', 'unpacked']) {
      mkdirSync(join(work, name), { recursive: true })
    }
    const apart = [
      `Dir::Etc::SourceList=${sources}`,
      'Dir::Etc::SourceParts=/nonexistent',
      `Dir::State::Lists=${join(work, 'lists')}`,
      `Dir::Cache=${join(work, 'cache')}`,
      'APT::Sandbox::User=',
    ].flatMap((option) => ['-o', option])
    await step('looking for a newer wireguard-go', 'apt-get', [...apart, 'update'], { cwd: work })
    await step('downloading wireguard-go', 'apt-get', [...apart, 'download', `wireguard-go/${suite}`], {
      cwd: work,
    })
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'))
    if (archive === undefined) throw new StepFailed('apt-get download left no package')
    await step('unpacking wireguard-go', 'dpkg-deb', ['-x', join(work, archive), join(work, 'unpacked')])
    rmSync(folder, { recursive: true, force: true })
    cpSync(join(work, 'unpacked'), `${folder}.${process.pid}`, { recursive: true })
    renameSync(`${folder}.${process.pid}`, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function debianRelease() {
  return /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    process.stdout.write(`${await wireguardGo()}\n`)
  })
}
