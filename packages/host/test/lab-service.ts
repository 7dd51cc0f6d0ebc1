import type { Namespace } from '@vpnext/lab'
import { memfdSealed } from '@vpnext/native'
import type { ServiceOptions } from '@vpnext/service'
import { publicInterface } from '@vpnext/service/protocol'
import { type VarlinkClient, connectVarlink } from '@vpnext/varlink'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

import { bundleProgram } from '../../service/test/bundle-program.ts'
import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'

/** The real service as a process of its own in a namespace of a lab. */
export interface LabService extends AsyncDisposable {
  readonly client: VarlinkClient
  /** Installs an archive for root, allows and starts one of its extensions. */
  run(
    archive: Uint8Array,
    want: { bundleName: string; abilityName: string; parameters?: object },
  ): Promise<void>
  /** Every line of an extension's log, with its tag, until one contains `last`. */
  lines(last: string): Promise<{ tag: string; message: string }[]>
}

/** Makes the program of a service, in a folder that the caller disposes. The bundler stays behind as a child process. */
export async function serviceProgram(): Promise<TemporaryFolder> {
  const folder = temporaryFolder()
  await bundleProgram('service-process', folder.path, 'src/service-process.mjs')
  const manifest = new URL('../../service/package.json', import.meta.url)
  writeFileSync(folder.in('package.json'), readFileSync(manifest))
  return folder
}

/**
 * @param program from {@link serviceProgram}
 * @param image the host image
 * @param wrapper program and arguments before node, e.g. `unshare -m`
 */
export async function startLabService(
  namespace: Namespace,
  program: TemporaryFolder,
  image: string,
  wrapper: readonly string[] = [],
): Promise<LabService> {
  const folder = temporaryFolder()
  writeFileSync(folder.in('resolv.conf'), 'nameserver 192.0.2.1\n')
  const options: ServiceOptions = {
    runDir: folder.in('run'),
    stateDir: folder.in('state'),
    policyDir: folder.in('policy'),
    hostImage: image,
    instance: `l${process.pid}`,
    resolvConf: folder.in('resolv.conf'),
    callbackTimeoutMs: 60_000,
  }
  const [command, ...args] = [
    ...wrapper,
    process.execPath,
    program.in('src/service-process.mjs'),
    JSON.stringify(options),
  ]
  const child = namespace.spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  if (child.stdout === null) throw new TypeError('no pipe to the service')
  for await (const line of createInterface({ input: child.stdout })) if (line === 'ready') break
  child.stdout.resume()
  const client = await connectVarlink(folder.in('run', 'io.vpnext'))
  return labService(client, folder, async () => {
    child.kill('SIGTERM')
    await ended
  })
}

function labService(client: VarlinkClient, folder: TemporaryFolder, stop: () => Promise<void>): LabService {
  return {
    client,
    async run(archive, want) {
      using file = memfdSealed('archive', archive)
      const { bundleName } = want
      await client.call(publicInterface, 'Install', {}, { fds: [file] })
      await client.call(publicInterface, 'AnswerConsent', { bundleName, allow: true })
      await client.call(publicInterface, 'StartAbility', { want })
    },
    async lines(last) {
      const found: { tag: string; message: string }[] = []
      for await (const { parameters } of client.stream(publicInterface, 'ReadLogs', { follow: true })) {
        found.push(parameters.entry)
        if (parameters.entry.message.includes(last)) break
      }
      return found
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await stop()
      folder[Symbol.dispose]()
    },
  }
}
