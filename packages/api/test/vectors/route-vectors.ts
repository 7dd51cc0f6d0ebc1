import { configWith, routeWith } from '../configs.ts'
import { no, out, type Vector } from './vector.ts'

const route = (changes: Record<string, unknown>): unknown => configWith({ routes: [routeWith(changes)] })
const to = (address: string, prefixLength?: unknown): Record<string, unknown> => ({
  destination: { address: { address }, ...(prefixLength === undefined ? {} : { prefixLength }) },
})

/** Routes. */
export const routeVectors: Vector[] = [
  { name: 'routes: undefined', config: configWith({ routes: undefined }), expected: no('config.routes') },
  { name: 'routes: {}', config: configWith({ routes: {} }), expected: no('config.routes') },
  { name: 'routes: []', config: configWith({ routes: [] }), expected: 'ok' },
  { name: 'a hole in routes', config: configWith({ routes: Array(1) }), expected: no('config.routes[0]') },
  {
    name: 'route without gateway',
    config: configWith({ routes: [{ ...to('10.0.0.0', 8) }] }),
    expected: no('config.routes[0].gateway'),
  },
  {
    name: 'route with only destination and gateway: {}',
    config: configWith({ routes: [{ ...to('10.0.0.0', 8), gateway: {} }] }),
    expected: 'ok',
  },
  { name: "gateway ''", config: route({ gateway: { address: '' } }), expected: 'ok' },
  { name: "gateway '0.0.0.0'", config: route({ gateway: { address: '0.0.0.0' } }), expected: 'ok' },
  { name: "gateway '::'", config: route({ gateway: { address: '::' } }), expected: 'ok' },
  { name: "gateway 'fe80::'", config: route({ gateway: { address: 'fe80::' } }), expected: 'ok' },
  { name: "gateway '192.168.0.1'", config: route({ gateway: { address: '192.168.0.1' } }), expected: 'ok' },
  { name: "gateway '127.0.0.1'", config: route({ gateway: { address: '127.0.0.1' } }), expected: 'ok' },
  {
    name: "gateway 'unreachable'",
    config: route({ gateway: { address: 'unreachable' } }),
    expected: out('config.routes[0].gateway.address'),
    device: 'an unreachable route (undocumented)',
  },
  {
    name: "gateway 'throw'",
    config: route({ gateway: { address: 'throw' } }),
    expected: out('config.routes[0].gateway.address'),
    device: 'a throw route (undocumented)',
  },
  {
    name: 'gateway of the other family',
    config: route({ gateway: { address: 'fd00::1', family: 2 } }),
    expected: out('config.routes[0].gateway.address'),
    device: 'accepted; the kernel refuses',
  },
  {
    name: 'gateway family: 0',
    config: route({ gateway: { address: '', family: 0 } }),
    expected: no('config.routes[0].gateway.family'),
  },
  {
    name: 'destination address empty, as in the example of the API document',
    config: route(to('', 1)),
    expected: no('config.routes[0].destination.address.address'),
  },
  { name: 'destination prefixLength missing', config: route(to('0.0.0.0')), expected: 'ok' },
  {
    name: 'destination prefixLength: undefined',
    config: route({ destination: { address: { address: '0.0.0.0' }, prefixLength: undefined } }),
    expected: 'ok',
  },
  ...['8', 33, -1, 280, 8.5, null].map((value): Vector => ({
    name: `destination prefixLength: ${JSON.stringify(value)}`,
    config: route(to('10.0.0.0', value)),
    expected: no('config.routes[0].destination.prefixLength'),
    device: 'taken for 0, truncated or clamped',
  })),
  { name: "interface ''", config: route({ interface: '' }), expected: 'ok' },
  {
    name: 'interface left out',
    config: configWith({ routes: [{ ...to('10.0.0.0', 8), gateway: { address: '' } }] }),
    expected: 'ok',
  },
  {
    name: "interface 'eth0'",
    config: route({ interface: 'eth0' }),
    expected: out('config.routes[0].interface'),
    device: 'a route out of eth0',
  },
  {
    name: "interface 'multitun-vpn1' without vpnId",
    config: route({ interface: 'multitun-vpn1' }),
    expected: out('config.routes[0].interface'),
    device: 'honoured literally',
  },
  {
    name: "interface 'multitun-vpn1' with vpnId",
    config: configWith({ vpnId: 'a', routes: [routeWith({ interface: 'multitun-vpn1' })] }),
    expected: 'ok',
  },
  {
    name: 'interface: 5',
    config: route({ interface: 5 }),
    expected: no('config.routes[0].interface'),
    device: 'ignored',
  },
  {
    name: 'the same destination routed and excluded',
    config: configWith({ routes: [routeWith(), routeWith({ ...to('10.9.9.9', 8), isExcludedRoute: true })] }),
    expected: out('config.routes[1].isExcludedRoute'),
    device: 'the second is refused by the kernel, silently',
  },
]
