import { createHash } from 'node:crypto'
import { abilityInterface } from '@vpnext/service/protocol'
import { Rtnetlink, unshare } from '@vpnext/native'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type TestHost, buildTestImage, startHost } from '../test/host-harness.ts'

/** The kits where they have to work: in the sandbox, under Landlock and seccomp, without any privilege. */
let image: string
beforeAll(() => {
  // The hosts get the test's own network.
  unshare({ network: true })
  image = buildTestImage()
})
afterAll(() => rmSync(dirname(image), { recursive: true }))

const script = (body: string): string => `
  const { VpnExtensionAbility, connection, socket, statistics } = require('@kit.NetworkKit')
  const { fileIo } = require('@kit.CoreFileKit')
  const { preferences } = require('@kit.ArkData')
  const { buffer, process: kitProcess, util } = require('@kit.ArkTS')
  const { commonEventManager, deviceInfo, systemDateTime } = require('@kit.BasicServicesKit')
  const { hilog } = require('@kit.PerformanceAnalysisKit')
  const say = (text) => hilog.info(0, 'test', '%{public}s', typeof text === 'string' ? text : JSON.stringify(text))
  exports.default = class extends VpnExtensionAbility {
    async onCreate() { ${body} }
  }
`
async function running(body: string): Promise<TestHost> {
  const host = startHost({ image, script: script(body) })
  await host.create()
  return host
}

test('files are watched, locked and moved, and preferences kept', async () => {
  await using host = await running(`
    const { filesDir } = this.context
    const seen = new Promise((resolve) => {
      fileIo.createWatcher(filesDir, 0x8, ({ fileName, event }) => resolve(fileName + ' ' + event)).start()
    })
    const file = fileIo.openSync(filesDir + '/x', fileIo.OpenMode.CREATE | fileIo.OpenMode.READ_WRITE)
    fileIo.writeSync(file.fd, 'hello')
    await file.lock(true)
    say('at ' + fileIo.lseek(file.fd, -1, fileIo.WhenceType.SEEK_END))
    fileIo.closeSync(file)
    say('watched ' + await seen)
    fileIo.moveFileSync(filesDir + '/x', this.context.getApplicationContext().filesDir + '/y')
    const settings = preferences.getPreferencesSync(this.context, { name: 's' })
    settings.putSync('a', [1, 2])
    await settings.flush()
    preferences.removePreferencesFromCacheSync(this.context, 's')
    say('kept ' + JSON.stringify(preferences.getPreferencesSync(this.context, { name: 's' }).getAllSync()))
    this.context.area = 0
    say('area ' + fileIo.accessSync(this.context.filesDir))
    say('id ' + /^[0-9a-f-]{36}$/.test(deviceInfo.ODID))
  `)
  await host.logged('at 4')
  await host.logged('watched /data/storage/el2/base/haps/entry/files/x 8')
  await host.logged('kept {"a":[1,2]}')
  await host.logged('area true')
  await host.logged('id true')
})

test('databases are kept in the context’s folder', async () => {
  await using host = await running(`
    const { relationalStore } = require('@kit.ArkData')
    const config = { name: 'T.db', securityLevel: relationalStore.SecurityLevel.S1 }
    const store = await relationalStore.getRdbStore(this.context, config)
    await store.executeSql('CREATE TABLE IF NOT EXISTS T (A INTEGER, B TEXT)')
    await store.batchInsert('T', [{ A: 1, B: 'one' }, { A: 2, B: 'two' }])
    const found = await store.query(new relationalStore.RdbPredicates('T').greaterThan('A', 1))
    found.goToFirstRow()
    say('found ' + found.getString(found.getColumnIndex('B')))
    await store.backup('Copy.db')
    store.deleteSync(new relationalStore.RdbPredicates('T'))
    await store.restore('Copy.db')
    say('rows ' + store.querySqlSync('SELECT * FROM T').rowCount)
    say('files ' + fileIo.listFileSync(this.context.databaseDir + '/rdb').sort())
    const transaction = await store.createTransaction()
    await transaction.execute("DELETE FROM T")
    await store.insert('T', { A: 3 }).catch(({ code }) => say('locked ' + code))
  `)
  await host.logged('found two')
  await host.logged('rows 2')
  await host.logged('files Copy.db,T.db')
  await host.logged('locked 14800024')
})

test('the network is seen as it changes', async () => {
  await using host = await running(`
    say('default ' + connection.getDefaultNetSync().netId)
    const net = connection.createNetConnection()
    net.on('netAvailable', ({ netId }) => say('available ' + connection.getConnectionPropertiesSync({ netId }).interfaceName))
    net.on('netLost', () => say('lost'))
    await net.register()
    say('registered')
  `)
  await host.logged('default 0')
  await host.logged('registered')
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'addLink', kind: 'veth', name: 'up0', peer: { name: 'up1' } }])
  const indexOf = (name: string): number => netlink.links().find((link) => link.name === name)?.index ?? 0
  const index = indexOf('up0')
  netlink.apply([
    { op: 'setLink', index: indexOf('up1'), up: true },
    { op: 'setLink', index, up: true },
    { op: 'addAddress', index, address: '10.9.0.2', prefixLength: 24 },
    { op: 'addRoute', route: { family: 4, destination: '0.0.0.0/0', table: 254, type: 'unicast', index } },
  ])
  await host.logged('available up0')
  netlink.apply([{ op: 'deleteLink', index }])
  await host.logged('lost')
})

test('servers and clients of all kinds talk, and counters count', async () => {
  using netlink = Rtnetlink.open()
  netlink.apply([
    { op: 'setLink', index: netlink.links().find(({ name }) => name === 'lo')?.index ?? 0, up: true },
  ])
  await using host = await running(`
    const server = socket.constructTCPSocketServerInstance()
    await server.listen({ address: '127.0.0.1' })
    server.on('connect', (client) => client.on('message', ({ message }) => client.send({ data: message })))
    const tcp = socket.constructTCPSocketInstance()
    await tcp.connect({ address: await server.getLocalAddress() })
    const answer = new Promise((resolve) => tcp.on('message', resolve))
    await tcp.send({ data: buffer.from('through TCP').buffer })
    say(new util.TextDecoder().decodeToString(new Uint8Array((await answer).message)))
    const local = socket.constructLocalSocketServerInstance()
    const address = this.context.tempDir + '/s'
    await local.listen({ address })
    local.on('connect', (client) => client.on('message', ({ message }) => say('local ' + message.byteLength)))
    const client = socket.constructLocalSocketInstance()
    await client.connect({ address: { address } })
    await client.send({ data: 'four' })
    say('counted ' + (await statistics.getIfaceRxBytes('lo') > 0))
    say('zone ' + systemDateTime.getTimezoneSync() + ' uid ' + kitProcess.uid)
  `)
  await host.logged('through TCP')
  await host.logged('local 4')
  await host.logged('counted true')
  await host.logged('uid 20010001')
})

test('http asks a server, unpacks what it packed, a WebSocket hears of it, and cryptography works', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-encoding', 'gzip')
    response.end(gzipSync(`asked for ${request.url}`))
  })
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}`
    socket.write(`${head}\r\n\r\n\u0081\u0007welcome`, 'latin1')
  })
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'setLink', index: 1, up: true }])
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await using host = await running(`
    const { http, webSocket } = require('@kit.NetworkKit')
    const ws = webSocket.createWebSocket()
    ws.on('message', (error, text) => { say('message ' + text); ws.close() })
    await ws.connect('ws://127.0.0.1:${port}/socket')
    const { cryptoFramework } = require('@kit.CryptoArchitectureKit')
    const answer = await http.createHttp().request('http://127.0.0.1:${port}/this')
    say(answer.responseCode + ' ' + answer.result)
    const md = cryptoFramework.createMd('SHA256')
    say('digest ' + (await md.digest()).data.length)
    const pairs = [1, 2].map(() => cryptoFramework.createAsyKeyGenerator('X25519').generateKeyPairSync())
    const agreement = cryptoFramework.createKeyAgreement('X25519')
    const secret = await agreement.generateSecret(pairs[0].priKey, pairs[1].pubKey)
    const tcp = socket.constructTCPSocketInstance()
    const end = { address: '127.0.0.1', port: ${port} }
    await tcp.connect({ address: end })
    say('owner ' + (connection.getConnectOwnerUidSync(6, await tcp.getLocalAddress(), end) === kitProcess.uid))
    await tcp.close()
    const { asset } = require('@kit.AssetStoreKit')
    const alias = new Uint8Array([97])
    await asset.add(new Map([[asset.Tag.ALIAS, alias], [asset.Tag.SECRET, secret.data]]))
    const query = new Map([[asset.Tag.ALIAS, alias], [asset.Tag.RETURN_TYPE, asset.ReturnType.ALL]])
    say('secret ' + (await asset.query(query))[0].get(asset.Tag.SECRET).length)
    const { huks } = require('@kit.UniversalKeystoreKit')
    const key = [[huks.HuksTag.HUKS_TAG_ALGORITHM, 101], [huks.HuksTag.HUKS_TAG_PURPOSE, 256], [huks.HuksTag.HUKS_TAG_KEY_SIZE, 256]]
    await huks.generateKeyItem('k', { properties: key.map(([tag, value]) => ({ tag, value })) })
    say('public key ' + (await huks.exportKeyItem('k', {})).outData.length)
  `)
  await host.logged('200 asked for /this')
  await host.logged('digest 32')
  await host.logged('owner true')
  await host.logged('secret 32')
  await host.logged('public key 32')
  await host.logged('message welcome')
  server.close()
})

test('a common event reaches its subscriber, and an ordered one waits for its end', async () => {
  await using host = await running(`
    const subscriber = commonEventManager.createSubscriberSync({ events: ['x'] })
    commonEventManager.subscribe(subscriber, (error, { event, data }) => {
      say('heard ' + event + ' ' + data)
      setTimeout(() => { subscriber.setDataSync(data + '!'); subscriber.finishCommonEvent() }, 1)
    })
  `)
  const event = { subscriber: 1, event: 'x', data: 'd', ordered: true, sticky: false }
  const { parameters } = await host.peer.call(abilityInterface, 'DeliverEvent', event)
  expect(parameters).toEqual({ code: 0, data: 'd!', aborted: false })
  await host.logged('heard x d')
})

test('ProcessManager.exit ends the process by SIGKILL; what was logged before is not lost', async () => {
  const host = startHost({ image, script: script(`say('bye'); new kitProcess.ProcessManager().exit(0)`) })
  host.create().catch(() => undefined)
  expect(await host.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(await host.logged('bye')).toContain('bye')
  await host[Symbol.asyncDispose]()
})
