import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { currentUserNamespaceIsInitial } from '@vpnext/native'
import { expect, test } from 'vitest'
import { bundleProgram } from '../../test/bundle-program.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { ServiceOptions } from '../settings.ts'

const stranger = 4242

// Within a user namespace there may be nobody else.
test.skipIf(!currentUserNamespaceIsInitial())(
  'a service of a user namespace does nothing for who is not of it',
  async () => {
    using folder = temporaryFolder()
    const programs = folder.in('programs')
    mkdirSync(programs)
    writeFileSync(folder.in('resolv.conf'), 'nameserver 192.0.2.1\n')
    chmodSync(folder.path, 0o755)
    const program = await bundleProgram('service-process', programs, 'src/service-process.mjs')
    const client = await bundleProgram('call-as', programs, 'call-as.mjs')
    writeFileSync(
      join(programs, 'package.json'),
      readFileSync(new URL('../../package.json', import.meta.url)),
    )
    const options: ServiceOptions = {
      runDir: folder.in('run'),
      stateDir: folder.in('state'),
      policyDir: folder.in('policy'),
      hostImage: folder.in('host'),
      instance: `s${process.pid}`,
      resolvConf: folder.in('resolv.conf'),
    }
    const service = spawn('unshare', ['-Urn', process.execPath, program, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      for await (const line of createInterface(service.stdout)) if (line === 'ready') break
      const ask = async (uid: number): Promise<Record<string, unknown>> => {
        const args = [client, folder.in('run', 'io.vpnext'), 'GetStatus']
        const { stdout } = await promisify(execFile)(process.execPath, args, { uid, gid: uid })
        return JSON.parse(stdout) as Record<string, unknown>
      }
      expect(await ask(stranger)).toMatchObject({
        error: 'io.vpnext.NotPermitted',
        reason: 'GetStatus: this service is of a user namespace in which its caller is nobody',
      })
      // The control: who is of it gets an answer.
      expect(await ask(0)).toMatchObject({ parameters: { status: { rootless: true, hosts: [] } } })
    } finally {
      const ended = once(service, 'exit')
      service.kill('SIGTERM')
      await ended
    }
  },
)
