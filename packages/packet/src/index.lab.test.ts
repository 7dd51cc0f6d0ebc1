import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { relay } from '../test/transform-module.ts'
import { TunNetwork } from '../test/tun-network.ts'

const built = new URL('../dist/index.js', import.meta.url)
const native = new URL('../../native/dist/index.js', import.meta.url)

/** As an author has it: plain node, the built package, its own worker program. */
const program = `
  import { openTun } from '${native.href}'
  import { openUdp, startPump, TunDevice } from '${built.href}'
  const { fd } = openTun({ name: 'author' })
  TunDevice.open(fd.number).close()
  const udpFd = openUdp({ family: 6, dualStack: true })
  const pump = await startPump({ tunFd: fd.number, udpFd, transform: new URL(process.argv[2]) })
  await pump.stop()
  console.log(JSON.stringify([pump.tunOffload, pump.udpAbilities.family]))
`

test('the built package works in plain node, worker program included', async () => {
  using network = new TunNetwork()
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-packet-'))
  try {
    const path = join(folder, 'author.mjs')
    writeFileSync(path, program)
    const { ended } = network.run(() => ({
      ended: promisify(execFile)(process.execPath, [path, relay.href], { timeout: 30_000 }),
    }))
    expect(JSON.parse((await ended).stdout)).toEqual([{ kind: 'none' }, 6])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
