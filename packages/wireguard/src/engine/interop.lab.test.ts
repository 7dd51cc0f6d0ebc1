import { expectNothingLeft, type Inventory, takeInventory } from '@vpnext/lab'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundleEngine, OurEnd } from '../../test/our-end.ts'
import { tcpEchoes } from '../../test/tcp-echo.ts'
import { type EndOptions, port, type TunnelEnd } from '../../test/tunnel-end.ts'
import { Tunnel } from '../../test/tunnel.ts'
import { inside, outside } from '../../test/two-networks.ts'
import { findWireGuardGo, WireGuardGoEnd } from '../../test/wireguard-go-end.ts'
import { generatePresharedKey } from '../index.ts'

const worker = bundleEngine()
const wireguardGo = findWireGuardGo()
afterAll(() => worker[Symbol.dispose]())

let before: Inventory
beforeEach(() => {
  before = takeInventory()
})
afterEach(() => expectNothingLeft(before))

type Program = 'ours' | 'wireguard-go'

const start = (program: Program, options: EndOptions): Promise<TunnelEnd> =>
  program === 'ours' ? OurEnd.start({ ...options, worker }) : WireGuardGoEnd.start(wireguardGo, options)

const pairs: [initiator: Program, responder: Program][] = [
  ['ours', 'ours'],
  ['ours', 'wireguard-go'],
  ['wireguard-go', 'ours'],
]

describe.each(pairs)('%s asks %s', (initiator, responder) => {
  test.each([
    [4, 'without'],
    [4, 'with'],
    [6, 'without'],
    [6, 'with'],
  ] as const)(
    'over IPv%i, %s preshared key: TCP passes unchanged inside, both families',
    async (family, psk) => {
      await using tunnel = new Tunnel()
      const { networks } = tunnel
      const common = psk === 'with' ? { presharedKey: generatePresharedKey() } : {}
      await using right = await start(responder, { ...tunnel.end('right'), ...common })
      await using left = await start(initiator, {
        ...tunnel.end('left'),
        ...common,
        endpoint: { host: outside('right', family), port },
      })
      expect(await right.status()).toMatchObject({ endpoint: undefined, shookHands: false })
      for (const inner of [4, 6] as const) {
        expect(await tcpEchoes(networks.left, networks.right, inside('right', inner), 700_003)).toBe(true)
      }
      expect(await tcpEchoes(networks.right, networks.left, inside('left', 4), 10_001)).toBe(true)

      const [asked, answered] = [await left.status(), await right.status()]
      const address = outside('left', family)
      expect(answered.endpoint).toBe(family === 4 ? `${address}:${port}` : `[${address}]:${port}`)
      for (const end of [asked, answered]) {
        expect(end.shookHands).toBe(true)
        expect(end.rxBytes).toBeGreaterThan(1_400_000)
        expect(end.txBytes).toBeGreaterThan(1_400_000)
      }
    },
  )
})

test('with another preshared key there is no session, and nothing passes', async () => {
  await using tunnel = new Tunnel()
  await using right = await WireGuardGoEnd.start(wireguardGo, {
    ...tunnel.end('right'),
    presharedKey: generatePresharedKey(),
  })
  await using left = await OurEnd.start({
    ...tunnel.end('left'),
    worker,
    presharedKey: generatePresharedKey(),
    endpoint: { host: outside('right', 4), port },
    keepalive: 1,
  })
  // The initiation, which the key is not part of, arrives; its answer is refused.
  const { engine } = left
  const refused = async (): Promise<boolean> => ((await engine.status()).drops.forged ?? 0) > 0
  await expect.poll(refused, { timeout: 30_000 }).toBe(true)
  expect((await left.status()).shookHands).toBe(false)
  expect((await right.status()).shookHands).toBe(false)
})
