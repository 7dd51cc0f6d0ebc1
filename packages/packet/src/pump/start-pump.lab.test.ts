import { afterAll, afterEach, expect, test } from 'vitest'

import { bundleWorker } from '../../test/bundle-worker.ts'
import { expectNoOpenFds } from '../../test/open-fds.ts'
import { relay, transformModule } from '../../test/transform-module.ts'
import { TunnelPair } from '../../test/tunnel-pair.ts'
import { type PumpOptions, startPump } from './start-pump.ts'

afterEach(expectNoOpenFds)

const worker = bundleWorker()
afterAll(() => worker[Symbol.dispose]())

const plainPair = (): TunnelPair => new TunnelPair({ vnetHeader: false, mtu: 1420 })
const first = (pair: TunnelPair, transform: URL): PumpOptions => ({
  tunFd: pair.tuns[0],
  udpFd: pair.sockets[0],
  transform,
  worker: worker.url,
})
const idle = '{ fromTun(batch) { while (batch.next()); }, fromUdp(batch) { while (batch.next()); } }'

test.each([
  ['makes nothing', 'export default () => undefined', 'what was made is undefined'],
  ['is async', `export default () => ({ ...${idle}, async fromTun() {} })`, 'fromTun is an async function'],
  ['ends its thread', 'export default () => process.exit(3)', 'ended by itself, with code 3'],
  ['never settles', 'export default () => new Promise(() => {})', 'ended by itself, with code 13'],
])('who wrote a transform that %s is told when the pump starts', async (_what, text, said) => {
  using pair = plainPair()
  await expect(startPump(first(pair, transformModule(text)))).rejects.toThrow(said)
})

test('a transform by its path, which is no URL, is refused before a thread is started', async () => {
  using pair = plainPair()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as JavaScript may
  const path = './transform.js' as unknown as URL
  await expect(startPump(first(pair, path))).rejects.toThrow('transform.js is a string, and no URL')
})

test.each([
  ['waits for ever', 'new Promise(() => setInterval(() => {}, 1000))'],
  ['never returns', '{ for (;;); }'],
])('an abort ends the start of a transform that %s', async (_what, body) => {
  using pair = plainPair()
  const controller = new AbortController()
  const reason = new Error('enough')
  const module = transformModule(`export default ({ post }) => { post('begun'); return (() => ${body})() }`)
  const { signal } = controller
  const onMessage = (): void => controller.abort(reason)
  await expect(startPump({ ...first(pair, module), signal, onMessage })).rejects.toBe(reason)
})

test('a pump whose thread ends without being asked fails', async () => {
  using pair = plainPair()
  const module = transformModule(`export default () => ({ ...${idle}, onMessage: () => process.exit(0) })`)
  const pump = await startPump(first(pair, module))
  pump.post('go')
  await expect(pump.finished).rejects.toThrow('ended by itself, with code 0')
})

test('what a transform throws is told, whatever kind of error it is', async () => {
  using pair = plainPair()
  const module = transformModule(
    `export default ({ post }) => ({ ...${idle}, onMessage: () => post(() => 'a function') })`,
  )
  const pump = await startPump(first(pair, module))
  pump.post('go')
  await expect(pump.finished).rejects.toThrow(/^DataCloneError: .*could not be cloned/)
})

test('a pump that was asked to end has not failed', async () => {
  using pair = plainPair()
  const pump = await startPump(first(pair, relay))
  await pump.stop()
  await expect(pump.finished).resolves.toBeUndefined()
})
