import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { abstractBundle, createAbstractSocketProject } from '../test/abstract-socket-project.ts'
import { serviceForAll } from '../test/service-for-all.ts'
import { startProgram } from '../test/vpnext-process.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

const cache = mkdtempSync(join(tmpdir(), 'vpnext-native-'))
const shared = serviceForAll()
afterAll(() => rmSync(cache, { recursive: true }))

const logs = async (): Promise<string> => (await shared.service.run(['logs'])).stdout

const logged = (text: string | RegExp): Promise<void> =>
  vi.waitFor(async () => expect(await logs()).toMatch(text), { timeout: 60_000, interval: 100 })

/** One packet into the tunnel. */
const send = `require('dgram').createSocket('udp4').send('x', 9, '10.99.0.9', process.exit)`

test('an extension passes its tunnel to a page by a socket with an abstract name, again after the page has been killed', async () => {
  using project = createAbstractSocketProject()
  const installed = await shared.service.run(['install', project.folder], {
    env: { XDG_CACHE_HOME: cache },
    timeoutMs: 300_000,
  })
  expect(installed, installed.stderr).toMatchObject({ code: 0 })
  await shared.service.run(['consent', 'allow', abstractBundle])
  for (const round of [1, 2]) {
    const rounds = (text: string): RegExp => new RegExp(`(${text}[^]*){${round}}`)
    expect(await shared.service.run(['aa', 'start', '-b', abstractBundle, '-a', 'Page'])).toMatchObject({
      code: 0,
    })
    await logged(rounds('listens yes again Address already in use'))
    await logged(rounds('given yes, datagrams too, Connection refused'))
    await startProgram(shared.client, process.execPath, ['-e', send]).finished
    await logged(rounds('packet to 10.99'))
    expect(await shared.service.run(['aa', 'force-stop', abstractBundle])).toMatchObject({ code: 0 })
  }
})
