import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

import { type Members, StoreHarness, code, employee, rows, storeConfig } from '../../test/store-harness.ts'

const harness = new StoreHarness()

test('a batch is inserted whole or not at all', async () => {
  const store = await harness.filled()
  await expect(
    store['batchInsertWithConflictResolution']?.('EMPLOYEE', [{ NAME: 'New' }, { NAME: 'Lisa' }], 0),
  ).rejects.toThrow(code(14800032))
  expect(await rows(store, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 3 }])
  expect(
    store['batchInsertWithConflictResolutionSync']?.(
      'EMPLOYEE',
      [{ NAME: 'New' }, { NAME: 'Lisa', AGE: 3 }],
      4,
    ),
  ).toBe(1)
  expect(await store['batchInsert']?.('EMPLOYEE', [{ NAME: 'Lisa', AGE: 3 }, { NAME: 'Eve' }])).toBe(2)
  expect(await rows(store, "SELECT AGE FROM EMPLOYEE WHERE NAME IN ('Lisa', 'Eve') ORDER BY ID")).toEqual([
    { AGE: 3 },
    { AGE: null },
  ])
  expect(() => store['batchInsert']?.('EMPLOYEE', [])).toThrow(code(401))
  expect(() => store['batchInsert']?.('EMPLOYEE', [{}])).toThrow(code(401))
})

test('transactions of the store: kept or undone, one in another', async () => {
  const store = await harness.filled()
  const count = async (): Promise<unknown> =>
    ((await rows(store, 'SELECT count(*) AS n FROM EMPLOYEE'))[0] as { n: number }).n
  store['beginTransaction']?.()
  await store['insert']?.('EMPLOYEE', { NAME: 'a' })
  store['rollBack']?.()
  expect(await count()).toBe(3)
  store['beginTransaction']?.()
  await store['insert']?.('EMPLOYEE', { NAME: 'b' })
  store['beginTransaction']?.()
  await store['insert']?.('EMPLOYEE', { NAME: 'c' })
  store['rollBack']?.()
  store['commit']?.()
  expect(await count()).toBe(4)
  expect(() => store['commit']?.()).toThrow(code(14800000))
  expect(() => store['rollBack']?.()).toThrow(code(14800000))
  await expect(store['beginTrans']?.()).rejects.toThrow(code(801))
})

test('transactions of their own: nobody else comes in between', async () => {
  const store = await harness.filled()
  const transaction = (await store['createTransaction']?.({ transactionType: 1 })) as Members
  expect(await transaction['insert']?.('EMPLOYEE', { NAME: 'a' })).toBe(4)
  expect(await transaction['execute']?.('DELETE FROM EMPLOYEE WHERE ID < 3')).toBe(2)
  // Waits for the transaction, which nobody sees before it is over.
  const waiting = store['insert']?.('EMPLOYEE', { NAME: 'b' })
  await transaction['commit']?.()
  expect(await waiting).toBe(5)
  await expect(transaction['insert']?.('EMPLOYEE', { NAME: 'z' })).rejects.toThrow(code(14800014))
  await expect(transaction['commit']?.()).rejects.toThrow(code(14800014))
  const undone = (await store['createTransaction']?.()) as Members
  undone['deleteSync']?.(harness.predicates('EMPLOYEE'))
  await undone['rollback']?.()
  expect(await rows(store, 'SELECT NAME FROM EMPLOYEE')).toEqual([
    { NAME: 'Tom' },
    { NAME: 'a' },
    { NAME: 'b' },
  ])
  const holding = (await store['createTransaction']?.({ transactionType: 2 })) as Members
  expect(() => store['querySqlSync']?.('SELECT * FROM EMPLOYEE')).toThrow(code(14800024))
  await holding['rollback']?.()
  expect(() => store['createTransaction']?.({ transactionType: 3 })).toThrow(code(401))
})

test('a copy is made and put back; other processes see it', async () => {
  const store = await harness.filled()
  const other = harness.another()
  const elsewhere = await harness.open({}, other)
  await store['backup']?.('Backup.db')
  expect(await elsewhere['delete']?.(harness.predicates('EMPLOYEE', other))).toBe(3)
  await store['backup']?.(join(harness.folder, 'empty.db'))
  await store['restore']?.('Backup.db')
  expect(await rows(elsewhere, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 3 }])
  await elsewhere['insert']?.('EMPLOYEE', { NAME: 'New' })
  expect(await rows(store, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 4 }])
  await expect(store['restore']?.('NoSuch.db')).rejects.toThrow(code(14800010))
  writeFileSync(join(harness.folder, 'damaged.db'), 'nonsense '.repeat(1000))
  await expect(store['restore']?.(join(harness.folder, 'damaged.db'))).rejects.toThrow(code(14800011))
  expect(await rows(store, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 4 }])
  const path = join(harness.folder, 'el2/database/entry/rdb')
  expect(readdirSync(path).toSorted()).toEqual(['Backup.db', 'Test.db'])
  expect(statSync(join(path, 'Test.db')).mode & 0o777).toBe(0o600)
})
test('a database that comes with a write-ahead log, as from a device, is opened and put back', async () => {
  const path = join(harness.folder, 'el2/database/entry/rdb/Test.db')
  const store = await harness.filled()
  await store['backup']?.('Device.db')
  await store['close']?.()
  for (const file of [path, join(dirname(path), 'Device.db')]) {
    const content = readFileSync(file)
    // Written and read with a log.
    content.fill(2, 18, 20)
    writeFileSync(file, content)
  }
  const opened = await harness.open()
  const other = await harness.open({}, harness.another())
  expect(await other['insert']?.('EMPLOYEE', { NAME: 'New' })).toBe(4)
  expect(await rows(opened, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 4 }])
  await opened['restore']?.('Device.db')
  expect(await rows(other, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 3 }])
})

test('another database is attached under a name', async () => {
  const store = await harness.filled()
  const second = await harness.open({ name: 'Second.db' })
  await second['executeSql']?.('CREATE TABLE MORE (A)')
  await second['insert']?.('MORE', { A: 'more' })
  expect(await store['attach']?.(harness.context, storeConfig({ name: 'Second.db' }), 'second')).toBe(1)
  expect(await rows(store, 'SELECT A FROM second.MORE')).toEqual([{ A: 'more' }])
  await expect(store['attach']?.(join(harness.folder, 'third.db'), 'second')).rejects.toThrow(code(14800016))
  expect(await store['detach']?.('second')).toBe(0)
  await expect(store['querySql']?.('SELECT A FROM second.MORE')).rejects.toThrow(code(14800021))
})

test('what a store is asked for wrongly, and what is not there, is refused', async () => {
  for (const [wrong, expected] of [
    [{ securityLevel: undefined }, 401],
    [{ securityLevel: 9 }, 401],
    [{ name: '' }, 401],
    [{ name: 'a/b' }, 401],
    [{ name: 5 }, 401],
    [{ customDir: '../x' }, 401],
    [{ encrypt: true }, 801],
    [{ vector: true }, 801],
    [{ tokenizer: 1 }, 801],
    [{ pluginLibs: ['/x.so'] }, 801],
    [{ dataGroupId: 'group' }, 14801002],
  ] as const)
    expect(
      () => harness.relationalStore['getRdbStore']?.(harness.context, storeConfig(wrong)),
      JSON.stringify(wrong),
    ).toThrow(code(expected))
  expect(() => harness.relationalStore['getRdbStore']?.({}, storeConfig())).toThrow(code(401))
  expect(() => harness.relationalStore['getRdbStore']?.(harness.context)).toThrow(code(401))
  await expect(
    harness.relationalStore['getRdbStore']?.(harness.context, storeConfig({ isReadOnly: true })),
  ).rejects.toThrow(code(14800010))
  await expect(
    harness.relationalStore['getRdbStore']?.(harness.context, storeConfig({ rootDir: harness.folder })),
  ).rejects.toThrow(code(14800010))
  expect([
    harness.relationalStore['isVectorSupported']?.(),
    harness.relationalStore['isTokenizerSupported']?.(1),
  ]).toEqual([false, false])
  const store = await harness.filled()
  const reader = await harness.open({ isReadOnly: true })
  expect(await rows(reader, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 3 }])
  await expect(reader['insert']?.('EMPLOYEE', { NAME: 'x' })).rejects.toThrow(code(801))
  expect(() => store['on']?.('event', true, () => 0)).toThrow(code(14800050))
  const heard: string[] = []
  store['on']?.('event', false, () => heard.push('event'))
  store['on']?.('dataChange', 0, () => heard.push('dataChange'))
  expect(() => store['on']?.('dataChange', 3, () => 0)).toThrow(code(801))
  store['emit']?.('event')
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual(['event'])
})

test('a store is closed by each who has it, deleted for all, and in memory gone with its process', async () => {
  const store = await harness.filled()
  const second = await harness.open()
  await store['close']?.()
  await expect(store['insert']?.('EMPLOYEE', { NAME: 'x' })).rejects.toThrow(code(14800014))
  expect(await rows(second, 'SELECT count(*) AS n FROM EMPLOYEE')).toEqual([{ n: 3 }])
  await harness.relationalStore['deleteRdbStore']?.(harness.context, 'Test.db')
  await expect(second['querySql']?.('SELECT 1')).rejects.toThrow(code(14800014))
  expect(readdirSync(join(harness.folder, 'el2/database/entry/rdb'))).toEqual([])
  await harness.relationalStore['deleteRdbStore']?.(harness.context, storeConfig())
  const memory = await harness.open({ persist: false })
  await memory['executeSql']?.(employee)
  expect(await (await harness.open({ persist: false }))['insert']?.('EMPLOYEE', { NAME: 'm' })).toBe(1)
  await expect(memory['backup']?.('Backup.db')).rejects.toThrow(code(801))
  await expect(memory['createTransaction']?.()).rejects.toThrow(code(801))
  expect(readdirSync(join(harness.folder, 'el2/database/entry/rdb'))).toEqual([])
})

test('a damaged database is told, and made anew where that is allowed', async () => {
  const path = join(harness.folder, 'el2/database/entry/rdb/Test.db')
  await (await harness.filled())['close']?.()
  expect(readFileSync(path).length).toBeGreaterThan(4096)
  writeFileSync(path, 'nonsense '.repeat(1000))
  await expect(harness.relationalStore['getRdbStore']?.(harness.context, storeConfig())).rejects.toThrow(
    code(14800011),
  )
  const anew = await harness.open({ allowRebuild: true })
  expect(anew['rebuilt']).toBe(1)
  expect(await rows(anew, 'SELECT * FROM sqlite_master')).toEqual([])
})
