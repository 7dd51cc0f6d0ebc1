import { BusinessError } from '@vpnext/api'
import { expect, test } from 'vitest'

import { testKits } from '../../test/test-runtime.ts'
import type { Kits } from '../index.ts'
import { MessageOption } from './message-option.ts'
import { MessageParcel } from './message-parcel.ts'
import { MessageSequence } from './message-sequence.ts'
import { RemoteObject } from './remote-object.ts'
import type { RequestMessage } from './ipc-calls.ts'

class Doubler extends RemoteObject {
  handled = 0

  override async onRemoteMessageRequest(
    code: number,
    data: MessageSequence,
    reply: MessageSequence,
  ): Promise<boolean> {
    this.handled += 1
    if (code === 9) throw new Error('no')
    await Promise.resolve()
    reply.writeInterfaceToken(data.readInterfaceToken().repeat(2))
    return code === 1
  }
}

interface Rpc {
  RemoteObject: typeof RemoteObject
  IPCSkeleton: { getCallingPid(): number }
  Ashmem: { create(name: string, size: number): Record<string, (...args: unknown[]) => unknown> }
}
const rpcOf = (kits: Kits): Rpc => Reflect.get(kits.load('@ohos.rpc') ?? {}, 'default')

/** Two processes whose service passes on what they send, with one object of the first. */
function pair(): { server: Kits; client: Kits; object: Doubler; requests: RequestMessage[] } {
  const requests: RequestMessage[] = []
  const server = testKits().kits
  const { kits: client } = testKits({
    connectAbility: () =>
      Promise.resolve({
        element: { bundleName: 'b', moduleName: 'm', abilityName: 'a' },
        remote: { own: false, id: 70, descriptor: 'doubler' },
      }),
    disconnectAbility: () => Promise.resolve(),
    async sendRequest(request) {
      requests.push(request)
      const { code, flags, data } = request
      const answer = await server.handleRequest(
        { object: 1, code, flags, data, objects: [], callerPid: 77, callerUid: 88 },
        [],
      )
      return { reply: { result: answer.result, data: answer.data, objects: [] }, fds: [] }
    },
  })
  const object = new (class extends Doubler {})('doubler')
  expect(server.remoteOf(object)).toEqual({ id: 1, descriptor: 'doubler' })
  return { server, client, object, requests }
}

async function connect(client: Kits): Promise<{ remote: RemoteObject; lost: string[] }> {
  const lost: string[] = []
  const remote = await new Promise<RemoteObject>((resolve, reject) => {
    client.context?.connectServiceExtensionAbility(
      { bundleName: 'b', abilityName: 'a' },
      {
        onConnect: (_element: object, given: RemoteObject) => resolve(given),
        onDisconnect: (element: { abilityName: string }) => lost.push(element.abilityName),
        onFailed: reject,
      },
    )
  })
  return { remote, lost }
}

async function ask(remote: RemoteObject, code: number): Promise<{ errCode: number; text: string }> {
  const [data, reply] = [MessageSequence.create(), MessageSequence.create()]
  data.writeInterfaceToken('ab')
  const result = await remote.sendMessageRequest(code, data, reply, new MessageOption())
  return { errCode: result?.errCode ?? -99, text: reply.getSize() === 0 ? '' : reply.readInterfaceToken() }
}

const method = (object: unknown, name: string, ...args: unknown[]): unknown =>
  Reflect.apply(Reflect.get(Object(object), name) as (...all: unknown[]) => unknown, object, args)

test('a request reaches the object of the other process, and its reply comes back', async () => {
  const { client, object } = pair()
  const { remote } = await connect(client)
  expect(await ask(remote, 1)).toEqual({ errCode: 0, text: 'abab' })
  expect(await ask(remote, 2)).toEqual({ errCode: -1, text: 'abab' })
  expect((await ask(remote, 9)).errCode).toBe(-1)
  expect(object.handled).toBe(3)
  expect(remote.getDescriptor()).toBe('doubler')
  expect(() => remote.getLocalInterface('doubler')).toThrow(expect.objectContaining({ code: 1900006 }))
  expect(await ask(object, 1)).toEqual({ errCode: 0, text: 'abab' })
})

test('the death of an object is told once, and requests to it say so', async () => {
  const { client } = pair()
  const { remote, lost } = await connect(client)
  const deaths: string[] = []
  const recipient = { onRemoteDied: () => deaths.push('died') }
  remote.registerDeathRecipient(recipient, 0)
  client.remoteDied(70)
  client.connectionLost(1)
  await Promise.resolve()
  client.remoteDied(70)
  expect({ deaths, lost }).toEqual({ deaths: ['died'], lost: ['a'] })
  expect(remote.isObjectDead()).toBe(true)
  expect((await ask(remote, 1)).errCode).toBe(29_189)
  expect(() => remote.registerDeathRecipient(recipient, 0)).toThrow(
    expect.objectContaining({ code: 1900008 }),
  )
})

test('API 8: an old client and an old server, with each other and with new ones', async () => {
  class Old extends RemoteObject {
    override onRemoteRequest(code: number, data: MessageParcel, reply: MessageParcel): boolean {
      method(reply, 'writeString', String(method(data, 'readString')).repeat(code))
      return true
    }
  }
  const [data, reply] = [MessageParcel.create(), MessageParcel.create()]
  method(data, 'writeString', 'ab')
  const result = await new Old('old').sendRequest(2, data, reply, new MessageOption())
  expect([result?.errCode, method(result?.reply, 'readString')]).toEqual([0, 'abab'])
  const newer = MessageSequence.create()
  newer.writeInterfaceToken('x')
  const answer = MessageSequence.create()
  await new Old('old').sendMessageRequest(3, newer, answer, new MessageOption())
  expect(answer.readInterfaceToken()).toBe('xxx')
  const { client } = pair()
  const { remote } = await connect(client)
  const [asked, told] = [MessageParcel.create(), MessageParcel.create()]
  method(asked, 'writeInterfaceToken', 'c')
  const sent = await new Promise<{ errCode: number }>((resolve) => {
    void remote.sendRequest(1, asked, told, new MessageOption(), (_: unknown, got: { errCode: number }) =>
      resolve(got),
    )
  })
  expect([sent.errCode, method(told, 'readInterfaceToken')]).toEqual([0, 'cc'])
  expect(() => remote.sendRequest(1, newer, answer, new MessageOption())).toThrow(
    expect.objectContaining({ code: 401 }),
  )
})

test('API 8: a parcel says false, and gives nothing, where a sequence fails', () => {
  const parcel = MessageParcel.create()
  const of = (name: string, ...args: unknown[]): unknown => method(parcel, name, ...args)
  expect([of('writeInt', 'x'), of('writeInt', 7), of('setCapacity', 1)]).toEqual([false, true, false])
  expect([of('readInt'), of('readInt'), of('readString'), of('readIntArray')]).toEqual([7, 0, '', []])
  expect([of('readRemoteObject'), of('readFileDescriptor')]).toEqual([null, -1])
  expect(of('writeRemoteObject', {})).toBe(false)
  class Point {
    x = 0
    marshalling(out: MessageParcel): boolean {
      return method(out, 'writeInt', this.x) === true
    }
    unmarshalling(input: MessageParcel): boolean {
      this.x = Number(method(input, 'readInt'))
      return true
    }
  }
  const point = Object.assign(new Point(), { x: 5 })
  const copy = new Point()
  expect([of('writeSequenceable', point), of('readSequenceable', copy), copy.x]).toEqual([true, true, 5])
  expect([of('writeSequenceable', {}), of('readSequenceable', {})]).toEqual([false, false])
  of('rewindWrite', 0)
  of('rewindRead', 0)
  expect(of('writeSequenceableArray', [point, point])).toBe(true)
  const into = [new Point(), new Point()]
  of('readSequenceableArray', into)
  expect(into).toEqual([point, point])
  expect(() => of('writeByteBuffer', 1)).toThrow(TypeError)
})

test('who calls is known until the handler waits', async () => {
  const { server } = testKitsWith()
  const rpc = rpcOf(server)
  const seen: number[] = []
  const object = new (class extends RemoteObject {
    override async onRemoteMessageRequest(): Promise<boolean> {
      seen.push(rpc.IPCSkeleton.getCallingPid())
      await Promise.resolve()
      seen.push(rpc.IPCSkeleton.getCallingPid())
      return true
    }
  })('who')
  server.remoteOf(object)
  const request = { object: 1, code: 1, flags: 0, data: '', objects: [], callerPid: 77, callerUid: 88 }
  expect((await server.handleRequest(request, [])).result).toBe(0)
  expect(seen).toEqual([77, process.pid])
  await expect(server.handleRequest({ ...request, object: 2 }, [])).rejects.toMatchObject({ code: 1900008 })
})

test('at most 32 requests wait for the service at a time; the others take their turn', async () => {
  let [now, most] = [0, 0]
  const { kits } = testKits({
    connectAbility: () =>
      Promise.resolve({
        element: { bundleName: 'b', moduleName: 'm', abilityName: 'a' },
        remote: { own: false, id: 1, descriptor: '' },
      }),
    async sendRequest() {
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
      return { reply: { result: 0, data: '', objects: [] }, fds: [] }
    },
  })
  const { remote } = await connect(kits)
  const all = await Promise.all(Array.from({ length: 200 }, () => ask(remote, 1)))
  expect(all.every(({ errCode }) => errCode === 0)).toBe(true)
  expect(most).toBe(32)
})

test('a failed connection tells its code', async () => {
  const { kits } = testKits()
  const failed = await new Promise((resolve) => {
    kits.context?.connectServiceExtensionAbility(
      { bundleName: 'b', abilityName: 'a' },
      { onConnect: resolve, onDisconnect: resolve, onFailed: resolve },
    )
  })
  expect(failed).toBe(2200003)
  expect(() => kits.context?.connectServiceExtensionAbility({}, {})).toThrow(
    expect.objectContaining({ code: 401 }),
  )
})

test('a service that is gone is an internal error of a connection, and the end of an object', async () => {
  const gone = new BusinessError(1900007, 'Communication failed.')
  const { kits } = testKits({
    connectAbility: (_want, connection) =>
      connection === 1
        ? Promise.resolve({
            element: { bundleName: 'b', moduleName: 'm', abilityName: 'a' },
            remote: { own: false, id: 1, descriptor: '' },
          })
        : Promise.reject(gone),
    sendRequest: () => Promise.reject(gone),
  })
  const { remote } = await connect(kits)
  expect((await ask(remote, 1)).errCode).toBe(29_189)
  await expect(connect(kits)).rejects.toBe(16000050)
})

test('an extension whose onConnect fails is disconnected, as on the device', async () => {
  const { kits } = testKits({
    connectAbility: () =>
      Promise.reject(new BusinessError(16000050, 'Internal error.', { field: 'onConnect', reason: 'no' })),
  })
  const told = await new Promise((resolve) => {
    const tell =
      (name: string) =>
      (...args: unknown[]): void =>
        resolve([name, ...args])
    kits.context?.connectServiceExtensionAbility(
      { bundleName: 'b', abilityName: 'a' },
      { onConnect: tell('connect'), onDisconnect: tell('disconnect'), onFailed: tell('failed') },
    )
  })
  const element = { deviceId: '', bundleName: 'b', moduleName: '', abilityName: 'a' }
  expect(told).toEqual(['disconnect', element])
})

test('shared memory is shared, within its protection', () => {
  const memory = rpcOf(testKits().kits).Ashmem.create('name', 16)
  const bytes = new Uint8Array([1, 2, 3, 4]).buffer
  const attempt = (name: string, ...args: unknown[]): unknown => memory[name]?.(...args)
  expect(() => attempt('writeDataToAshmem', bytes, 4, 0)).toThrow(expect.objectContaining({ code: 1900003 }))
  attempt('mapReadWriteAshmem')
  attempt('writeDataToAshmem', bytes, 4, 12)
  expect(() => attempt('writeDataToAshmem', bytes, 4, 13)).toThrow(expect.objectContaining({ code: 1900003 }))
  const sequence = MessageSequence.create()
  sequence.writeAshmem(memory)
  const other = sequence.readAshmem()
  other.mapReadonlyAshmem()
  expect(new Uint8Array(other.readDataFromAshmem(4, 12))).toEqual(new Uint8Array(bytes))
  expect(() => other.writeDataToAshmem(bytes, 4, 0)).toThrow(expect.objectContaining({ code: 1900003 }))
  attempt('setProtectionType', 1)
  expect(() => attempt('mapReadWriteAshmem')).toThrow(expect.objectContaining({ code: 1900001 }))
  expect(attempt('mapReadAndWriteAshmem')).toBe(false)
  expect(attempt('mapReadOnlyAshmem')).toBe(true)
  expect([attempt('writeToAshmem', [1], 1, 0), attempt('readFromAshmem', 2, 12)]).toEqual([false, [1, 2]])
  attempt('closeAshmem')
  other.closeAshmem()
  sequence.reclaim()
})

function testKitsWith(): { server: Kits } {
  return { server: testKits().kits }
}
