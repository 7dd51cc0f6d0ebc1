import { type Fd, inetSocket, openFds, socketPair } from '@vpnext/native'
import { hostInterface } from '@vpnext/service/protocol'
import { type Handlers, type Peer, createPeer, implement, varlinkError, withFds } from '@vpnext/varlink'
import { fstatSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { ServiceCalls } from './runtime.ts'
import { serviceCalls } from './service-calls.ts'

let handlers: { -readonly [M in keyof Handlers<typeof hostInterface>]?: Handlers<typeof hostInterface>[M] }
let host: Peer
let service: Peer
let calls: ServiceCalls

const code = (number: number): unknown => expect.objectContaining({ code: number })
const refuse = (number: number, field?: string) => (): never => {
  throw varlinkError(hostInterface, 'BusinessError', {
    code: number,
    message: 'as the service words it',
    ...(field !== undefined && { field }),
  })
}

beforeEach(() => {
  handlers = {}
  const absent = (): never => refuse(2200003)()
  const [a, b] = socketPair('seqpacket')
  service = createPeer(a, {
    interfaces: [
      implement(hostInterface, {
        Attach: absent,
        CreateVpn: (input, call) => (handlers.CreateVpn ?? absent)(input, call),
        DestroyVpn: (input, call) => (handlers.DestroyVpn ?? absent)(input, call),
        Protect: (input, call) => (handlers.Protect ?? absent)(input, call),
        ProtectProcess: (input, call) => (handlers.ProtectProcess ?? absent)(input, call),
        CountTraffic: absent,
        SetAlwaysOn: (input, call) => (handlers.SetAlwaysOn ?? absent)(input, call),
        IsAlwaysOn: (input, call) => (handlers.IsAlwaysOn ?? absent)(input, call),
        UpdateAuthorization: (input, call) => (handlers.UpdateAuthorization ?? absent)(input, call),
        StartAbility: (input, call) => (handlers.StartAbility ?? absent)(input, call),
        StopAbility: (input, call) => (handlers.StopAbility ?? absent)(input, call),
        PublishEvent: (input, call) => (handlers.PublishEvent ?? absent)(input, call),
        SubscribeEvents: (input, call) => (handlers.SubscribeEvents ?? absent)(input, call),
        UnsubscribeEvents: (input, call) => (handlers.UnsubscribeEvents ?? absent)(input, call),
        StartPage: absent,
        TerminateSelf: absent,
        ConnectAbility: absent,
        DisconnectAbility: absent,
        SendRequest: (input, call) => (handlers.SendRequest ?? absent)(input, call),
        ReportTest: absent,
        FinishTests: absent,
        SearchLog: absent,
        ClearLog: absent,
        Log: () => ({}),
      }),
    ],
  })
  host = createPeer(b, { interfaces: [] })
  calls = serviceCalls(host)
})

afterEach(async () => {
  await host.close()
  await service.close()
  expect(openFds()).toBe(0)
})

test('the descriptor of a tunnel arrives with the answer', async () => {
  let sent: number | undefined
  handlers.CreateVpn = () => {
    const fd: Fd = inetSocket(4, 'dgram')
    sent = fstatSync(fd.number).ino
    return withFds({ interfaceName: 'vpn-tun', warnings: [] }, [fd])
  }
  const { fd, interfaceName } = await calls.createVpn({ addresses: [] })
  expect(interfaceName).toBe('vpn-tun')
  expect(fstatSync(fd.number).ino).toBe(sent)
  fd.close()
})

test('errors keep their code and field, with the text of the document', async () => {
  handlers.CreateVpn = refuse(2200001, 'config.mtu')
  await expect(calls.createVpn({})).rejects.toMatchObject({
    code: 2200001,
    message: 'Invalid parameter value.',
    data: { field: 'config.mtu' },
  })
  handlers.StartAbility = refuse(16000006)
  await expect(calls.startAbility({}, [])).rejects.toEqual(code(16000006))
})

test('a code that is not in the document is an internal error', async () => {
  handlers.DestroyVpn = refuse(7)
  await expect(calls.destroyVpn(undefined)).rejects.toEqual(code(2200003))
})

test('without the service: 2200002, 19900002 for a vpnId, 16000050 for abilities', async () => {
  await service.close()
  await host.closed
  using socket = inetSocket(4, 'dgram')
  await expect(calls.createVpn({})).rejects.toEqual(code(2200002))
  await expect(calls.destroyVpn(undefined)).rejects.toEqual(code(2200002))
  await expect(calls.destroyVpn('id')).rejects.toEqual(code(19900002))
  await expect(calls.setAlwaysOn('com.example.vpn', true)).rejects.toEqual(code(2200002))
  expect(await calls.protectProcess()).toEqual({ by: 'nobody', reason: 'the service is gone' })
  await expect(calls.protect(socket)).rejects.toEqual(code(2200002))
  await expect(calls.startAbility({}, [])).rejects.toEqual(code(16000050))
  await expect(calls.stopAbility({})).rejects.toEqual(code(16000050))
})

test('a service that ends during a call: 2200002', async () => {
  handlers.DestroyVpn = () => new Promise(() => undefined)
  const waiting = calls.destroyVpn(undefined)
  await new Promise((resolve) => setImmediate(resolve))
  await service.close()
  await expect(waiting).rejects.toEqual(code(2200002))
})

test('the service says whether the kernel protects the process', async () => {
  handlers.ProtectProcess = () => ({ by: 'kernel' })
  expect(await calls.protectProcess()).toEqual({ by: 'kernel' })
  handlers.ProtectProcess = () => ({ by: 'nobody', reason: 'no cgroup2' })
  expect(await calls.protectProcess()).toEqual({ by: 'nobody', reason: 'no cgroup2' })
  handlers.ProtectProcess = refuse(7)
  expect(await calls.protectProcess()).toEqual({ by: 'nobody', reason: 'the service failed' })
})

test('the socket to protect is shared with the service, and stays open here', async () => {
  using socket = inetSocket(6, 'stream')
  let received: number | undefined
  handlers.Protect = (_input, call) => {
    received = fstatSync(call.fds[0]?.number ?? -1).ino
    return {}
  }
  await calls.protect(socket)
  expect(received).toBe(fstatSync(socket.number).ino)
})
