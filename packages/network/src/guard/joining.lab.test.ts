import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { capture, flushNft, type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { cgroup2Mount } from '@vpnext/native'
import { beforeAll, expect, test } from 'vitest'
import { startProgram } from '../../test/app-program.ts'
import { carry } from '../../test/carrier.ts'
import { inCgroup } from '../../test/identity-bed.ts'
import type { Machine } from '../../test/lab-tunnel.ts'
import { useLab, useMachine } from '../../test/use-lab.ts'
import { ensureApplicationCgroup, removeIdleCgroups } from '../index.ts'

/*
 * MPTCP: to one connection the kernel adds others, from addresses that an administrator, or NetworkManager, has named. They show
 * the server the address of the uplink beside that of the tunnel.
 */

const { client, gateway, internet } = labAddresses
const uid = 4242
const port = 8080
const root = cgroup2Mount()!
const hasMptcp = existsSync('/proc/sys/net/mptcp')
const serverProgram = `
import socket, threading
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('0.0.0.0', ${port})); server.listen()
def serve(s, peer):
    s.sendall(f'{peer[0]} {peer[1]}\\n'.encode())
    while s.recv(99): s.sendall(b'more')
print('ready', flush=True)
while True: threading.Thread(target=serve, args=server.accept(), daemon=True).start()
`

let lab: Lab
let machine: Machine

useLab(
  (made) => (lab = made),
  () => removeIdleCgroups({ root, settings: machine.settings }),
)
useMachine(
  () => lab,
  (made) => (machine = made),
  { instance: `joining-${process.pid}` },
  { installed: ['com.example.one'] },
)
beforeAll(async () => {
  if (!hasMptcp) return
  for (const namespace of [lab.client, lab.internet]) mptcp(namespace, 'limits', 'set', 'subflows', '2')
  mptcp(lab.client, 'endpoint', 'add', client.v4, 'dev', labLinks.client, 'subflow')
  const server = lab.internet.spawn('/usr/bin/python3', ['-c', serverProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(server.stdout!, 'data')
})

test.runIf(hasMptcp).each([
  ['of one user', {}],
  ['of one application of one user', { trustedApplications: ['com.example.one'] }],
  ['of one user without an application', { blockedApplications: ['com.example.two'] }],
])('to MPTCP connections through a tunnel %s none is added outside', async (_whose, more) => {
  const group = { root, settings: machine.settings, journal: machine.journal }
  const path = ensureApplicationCgroup(group, { uid, bundle: 'com.example.one' })
  const identity = ['setpriv', '--reuid', String(uid), '--clear-groups']
  const program = await startProgram(lab.client, inCgroup(path, ...identity))
  const talk = (): Promise<string> =>
    program.attempt({ protocol: 'mptcp', address: internet.v4, port, rounds: 20 })
  const scope = { kind: 'user', uid } as const
  const tunnel = await machine.create({ more }, { scope, hostUid: 20_010_000 })
  await using _carrier = carry(lab, tunnel.handOver(), machine.settings.protectMark)
  using uplink = capture(lab.router, labLinks.routerToClient)
  expect(await talk()).toBe(gateway.v4)
  expect(uplink.count({ destinationPort: port })).toBe(0)
  // The control: without the guard it is added.
  flushNft(lab.client)
  expect(await talk()).toBe(gateway.v4)
  const added = await uplink.waitFor({ destinationPort: port })
  expect(added.source).toBe(client.v4)
})

function mptcp(namespace: Lab['client'], ...args: string[]): void {
  namespace.run(() => execFileSync('ip', ['mptcp', ...args]))
}
