import { randomInt } from 'node:crypto'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { firstHostUid, hostUidCount } from '@vpnext/service'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { attemptExtension, attemptInside, attemptOutside } from '../test/attempts.ts'
import { buildTestImage, startHost } from '../test/host-harness.ts'

/** Threads that do nothing, with small stacks, until 3000 are there or the kernel refuses. Gives how many, and its error. */
const makeThreads = `
  const attributes = Buffer.alloc(64)
  call('int pthread_attr_init(void *)', attributes)
  call('int pthread_attr_setstacksize(void *, size_t)', attributes, 16384)
  const koffi = node('koffi'), libc = koffi.load(null)
  const pause = libc.func('void *dlsym(void *, const char *)')(null, 'pause')
  const create = libc.func('int pthread_create(void *, void *, void *, void *)')
  let made = 0, error = 0
  while (made < 3000 && error === 0) {
    error = create(Buffer.alloc(8), attributes, pause, null)
    if (error === 0) made += 1
  }
  return [made, error]`

/** Inside there is no koffi to require. */
const inside = makeThreads.replace(
  "node('koffi')",
  "(() => { const native = { exports: {} }; process.dlopen(native, '/vpnext/koffi/' + process.platform + '-' + process.arch + '/glibc.node'); return native.exports })()",
)

const EAGAIN = 11
let image: string
let dataFolder: string

beforeAll(() => {
  image = buildTestImage()
  dataFolder = mkdtempSync(join(tmpdir(), 'vpnext-threads-'))
})
afterAll(() => {
  rmSync(dataFolder, { recursive: true })
  rmSync(dirname(image), { recursive: true })
})

const outcome = (text: string): unknown => JSON.parse(text.replace(/^done /, ''))

test.runIf(process.getuid?.() === 0)(
  'the threads of an extension are limited, so that it leaves the machine some',
  async () => {
    // Nobody else's: the limit is the uid's.
    const uid = firstHostUid + randomInt(hostUidCount)
    chownSync(dataFolder, uid, uid)
    const host = startHost({
      image,
      script: attemptExtension,
      launch: { identity: { uid, gid: uid }, dataFolder },
    })
    try {
      await host.create()
      expect(outcome(await attemptInside(host, inside))).toEqual([
        expect.toSatisfy((made: number) => made > 1024 && made < 2048),
        EAGAIN,
      ])
    } finally {
      await host[Symbol.asyncDispose]()
    }
    expect(outcome(attemptOutside(makeThreads))).toEqual([3000, 0])
  },
)
