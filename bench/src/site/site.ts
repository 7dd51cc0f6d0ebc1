import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Lab, createLab, labAddresses } from '@vpnext/lab'
import { type NetworkSettings, type NetworkSnapshot, defaultSettings, takeSnapshot } from '@vpnext/network'
import type { Progress } from '../progress.ts'
import { Extension, bundleName } from './extension.ts'
import { runVerb } from './run-verb.ts'
import { type ServiceProcess, startService } from './service-process.ts'
import { Shell } from './shell.ts'

/** Where rows measure: a lab, the service in its client, the extension installed with consent, and a shell beside it. */
export interface Site extends AsyncDisposable {
  readonly lab: Lab
  readonly service: ServiceProcess
  readonly extension: Extension
  readonly shell: Shell
  readonly settings: NetworkSettings
  /** A temporary folder of one's own for files. */
  readonly folder: string
  readonly progress: Progress
  /** The client's network as it is now. */
  snapshot(): NetworkSnapshot
}

/** Two runs at a time share nothing. */
const instance = `bench-${process.pid}`

const project = fileURLToPath(new URL('../../projects/figures', import.meta.url))

/**
 * Opens a site. Nothing of it is left when it is disposed.
 *
 * @param options `collects`: whether its service will be asked to collect garbage
 */
export async function openSite(
  progress: Progress,
  signal: AbortSignal,
  { collects }: { readonly collects: boolean },
): Promise<Site> {
  const owned: (() => void | Promise<void>)[] = []
  const dispose = async (): Promise<void> => {
    for (const release of owned.splice(0).toReversed()) await release()
  }
  const own = <T extends AsyncDisposable>(resource: T): T => {
    owned.push(async () => await resource[Symbol.asyncDispose]())
    return resource
  }
  try {
    const folder = mkdtempSync(join(tmpdir(), 'vpnext-bench-'))
    owned.push(() => rmSync(folder, { recursive: true, force: true }))
    const folders = {
      runDir: join(folder, 'run'),
      stateDir: join(folder, 'state'),
      resolvConf: join(folder, 'resolv.conf'),
    }
    mkdirSync(folders.runDir)
    writeFileSync(folders.resolvConf, `nameserver ${labAddresses.router.v4}\n`)
    const settings = defaultSettings({ instance, resolvConf: folders.resolvConf })
    progress.step('opening a private lab and starting the service in it')
    const lab = own(await createLab({ signal }))
    const service = own(await startService(lab.client, instance, folders, collects))
    progress.step('installing the measured extension')
    await runVerb(['install', project], folders.runDir, signal)
    await runVerb(['consent', 'allow', bundleName], folders.runDir, signal)
    const extension = own(await Extension.connect(folders.runDir))
    const shell = own(Shell.open(lab.client))
    const snapshot = (): NetworkSnapshot => lab.client.run(() => takeSnapshot(settings))
    return {
      lab,
      service,
      extension,
      shell,
      settings,
      folder,
      progress,
      snapshot,
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}
