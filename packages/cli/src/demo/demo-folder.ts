import { randomBytes } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectUnix, isSystemError } from '@vpnext/native'
import { removeLeftovers } from '@vpnext/service'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'

/** In bytes: a socket's path has 107 at most, and the folders below take some. */
const longestParent = 70
const prefix = 'vpnext-demo-'
/** A folder of before this may be one that is just being made, in ms. */
const youngestLeftover = 60_000

/** Where one run of the demo has its things. */
export interface DemoFolder extends AsyncDisposable {
  readonly path: string
  readonly runDir: string
  readonly stateDir: string
  readonly resolvConf: string
  /** Control groups are the machine's, not the lab's: no other service's may be meant. */
  readonly instance: string
}

/**
 * Makes a folder for this run, and takes away what runs of the same user have left that were killed.
 *
 * @param resolvConfText the resolver configuration of the lab
 */
export async function openDemoFolder(resolvConfText: string): Promise<DemoFolder> {
  const parent = Buffer.byteLength(tmpdir()) <= longestParent ? tmpdir() : '/tmp'
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) await removeIfLeft(join(parent, name))
  }
  const path = mkdtempSync(join(parent, prefix))
  const instance = `demo-${randomBytes(4).toString('hex')}`
  writeFileSync(join(path, 'instance'), instance)
  const folder = placeIn(path, instance)
  writeFileSync(folder.resolvConf, resolvConfText)
  // Whoever can connect knows that this run is alive, whatever pid namespace it is in.
  const server = createServer().unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(join(path, 'alive'), resolve)
  })
  return {
    ...folder,
    path,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
      try {
        rmSync(path, { recursive: true, force: true })
      } catch (error) {
        throw new CliFailure(exitCodes.failure, `${path} could not be removed`, { cause: error })
      }
    },
  }
}

function placeIn(path: string, instance: string): Omit<DemoFolder, 'path' | typeof Symbol.asyncDispose> {
  return {
    runDir: join(path, 'run'),
    stateDir: join(path, 'state'),
    resolvConf: join(path, 'resolv.conf'),
    instance,
  }
}

/** What cannot be taken away stays: it is in nobody's way. */
async function removeIfLeft(path: string): Promise<void> {
  try {
    const status = lstatSync(path)
    const isOwn = status.isDirectory() && status.uid === process.geteuid?.()
    if (!isOwn || Date.now() - status.mtimeMs < youngestLeftover || isAlive(path)) return
    const instance = readFileSync(join(path, 'instance'), 'utf8')
    if (!/^demo-[0-9a-f]{8}$/.test(instance)) return
    await removeLeftovers(placeIn(path, instance))
    rmSync(path, { recursive: true, force: true })
  } catch {
    return
  }
}

function isAlive(path: string): boolean {
  try {
    connectUnix(join(path, 'alive')).close()
    return true
  } catch (error) {
    return !isSystemError(error, 'ECONNREFUSED')
  }
}
