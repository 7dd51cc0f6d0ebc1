import { expect, test } from 'vitest'

import { type Members, StoreHarness, code, rows } from '../../test/store-harness.ts'

const harness = new StoreHarness()
const names = async (store: Members, which: Members): Promise<unknown[]> => {
  const set = store['querySync']?.(which, ['NAME', 'SALARY']) as Members
  const found = (await set['getRows']?.(100)) as { NAME: string }[]
  return found.map((row) => row.NAME)
}

test('rows are inserted, found, changed and deleted', async () => {
  const store = await harness.filled()
  expect(await store['insert']?.('EMPLOYEE', { NAME: 'Rose', AGE: 21, CODES: undefined })).toBe(4)
  expect(store['insertSync']?.('EMPLOYEE', { NAME: 'Rose' }, 4)).toBe(-1)
  await expect(store['insert']?.('EMPLOYEE', { NAME: 'Rose' })).rejects.toThrow(code(14800032))
  expect(() => store['insertSync']?.('NOSUCH', { NAME: 'Rose' })).toThrow(code(14800021))
  expect(
    await store['update']?.({ AGE: 30 }, harness.predicates('EMPLOYEE')['greaterThan']?.('AGE', 19)),
  ).toBe(2)
  expect(
    store['updateSync']?.({ AGE: 1 }, harness.predicates('EMPLOYEE')['equalTo']?.('NAME', 'Nobody')),
  ).toBe(0)
  expect(await names(store, harness.predicates('EMPLOYEE')['equalTo']?.('AGE', 30) as Members)).toEqual([
    'Tom',
    'Rose',
  ])
  expect(await store['delete']?.(harness.predicates('EMPLOYEE')['equalTo']?.('NAME', 'Rose'))).toBe(1)
  expect(store['deleteSync']?.(harness.predicates('EMPLOYEE'))).toBe(3)
  expect(await rows(store, 'SELECT * FROM EMPLOYEE')).toEqual([])
  const outcome = await new Promise((resolve) =>
    store['insert']?.('EMPLOYEE', { NAME: 'Ann' }, (error: unknown, row: unknown) => resolve([error, row])),
  )
  expect(outcome).toEqual([undefined, 6])
})

test('a result is read row by row, each value as what is asked for', async () => {
  const store = await harness.filled()
  const set = (await store['query']?.(harness.predicates('EMPLOYEE')['orderByAsc']?.('AGE'), [
    'ID',
    'NAME',
    'AGE',
    'SALARY',
    'CODES',
  ])) as Members & Record<string, unknown>
  expect([set['rowCount'], set['columnCount'], set['rowIndex'], set['isStarted']]).toEqual([3, 5, -1, false])
  expect(set['columnNames']).toEqual(['ID', 'NAME', 'AGE', 'SALARY', 'CODES'])
  expect(() => set['getString']?.(1)).toThrow(code(14800012))
  expect(set['goToNextRow']?.()).toBe(true)
  expect(set['getLong']?.(set['getColumnIndex']?.('AGE'))).toBe(18)
  expect(set['getString']?.(set['getColumnIndex']?.('name'))).toBe('Lisa')
  expect(set['getDouble']?.(3)).toBe(100.5)
  expect(set['getString']?.(3)).toBe('100.5')
  expect(set['getBlob']?.(4)).toEqual(new Uint8Array([1, 2, 3]))
  expect(set['getRow']?.()).toEqual({
    ID: 1,
    NAME: 'Lisa',
    AGE: 18,
    SALARY: 100.5,
    CODES: new Uint8Array([1, 2, 3]),
  })
  expect([set['isAtFirstRow'], set['isAtLastRow'], set['isEnded']]).toEqual([true, false, false])
  expect(set['goToLastRow']?.()).toBe(true)
  expect(set['isAtLastRow']).toBe(true)
  expect([
    set['isColumnNull']?.(4),
    set['getBlob']?.(4),
    set['getValue']?.(4),
    set['getString']?.(4),
  ]).toEqual([true, new Uint8Array(), null, ''])
  expect(set['goToNextRow']?.()).toBe(false)
  expect([set['isEnded'], set['rowIndex']]).toEqual([true, 3])
  expect(set['goToPreviousRow']?.()).toBe(true)
  expect(set['goTo']?.(-1)).toBe(true)
  expect(set['getString']?.(1)).toBe('Jack')
  expect(set['goToRow']?.(-5)).toBe(false)
  expect(set['rowIndex']).toBe(-1)
  expect(set['getColumnIndex']?.('NOSUCH')).toBe(-1)
  expect(set['goToFirstRow']?.()).toBe(true)
  expect(() => set['getString']?.(9)).toThrow(code(14800013))
  expect(() => set['getColumnName']?.(9)).toThrow(code(14800013))
  expect(() => set['getString']?.('1')).toThrow(code(401))
  expect([
    set['getColumnTypeSync']?.('CODES'),
    await set['getColumnType']?.(3),
    set['getColumnTypeSync']?.(1),
  ]).toEqual([4, 2, 3])
  set['close']?.()
  expect(set['isClosed']).toBe(true)
  expect(() => set['goToNextRow']?.()).toThrow(code(14800014))
})

test('columns keep their places, whatever they are called, and have names without rows', async () => {
  const store = await harness.filled()
  const set = store['querySqlSync']?.(
    'SELECT 2, 1, A.NAME, B.NAME FROM EMPLOYEE A, EMPLOYEE B WHERE A.ID=1 AND B.ID=2',
  ) as Members
  set['goToNextRow']?.()
  expect([0, 1, 2, 3].map((at) => set['getString']?.(at))).toEqual(['2', '1', 'Lisa', 'Jack'])
  const none = store['querySqlSync']?.('SELECT ID, NAME FROM EMPLOYEE WHERE 0') as Members &
    Record<string, unknown>
  expect([none['columnNames'], none['rowCount'], none['goToFirstRow']?.(), none['isEnded']]).toEqual([
    ['ID', 'NAME'],
    0,
    false,
    true,
  ])
  // As SQLite has it unless it is built otherwise: what no column is called is a text.
  expect(await rows(store, 'SELECT "NAME" AS n FROM EMPLOYEE WHERE NAME = "Tom"')).toEqual([{ n: 'Tom' }])
})

test('values of every type come back', async () => {
  const store = await harness.open()
  await store['executeSql']?.('CREATE TABLE T (V)')
  const asset = { name: 'n', uri: 'u', path: 'p', createTime: '1', modifyTime: '2', size: '3' }
  const values = [
    null,
    1,
    2.5,
    'text',
    true,
    new Uint8Array([7]),
    2n ** 62n,
    2n ** 80n,
    asset,
    [asset],
    new Float32Array([1.5, 2]),
  ]
  for (const V of values) await store['insert']?.('T', { V })
  const set = store['querySync']?.(harness.predicates('T')) as Members
  const read = (row: number, getter = 'getValue'): unknown => {
    set['goToRow']?.(row)
    return set[getter]?.(0)
  }
  expect([0, 1, 2, 3, 4, 5].map((row) => read(row))).toEqual([null, 1, 2.5, 'text', 1, new Uint8Array([7])])
  expect([read(6), read(6, 'getString')]).toEqual([Number(2n ** 62n), String(2n ** 62n)])
  expect([read(7), read(7, 'getString')]).toEqual([2n ** 80n, String(2n ** 80n)])
  expect(read(8, 'getAsset')).toEqual({ ...asset, status: 1 })
  expect(read(9, 'getAssets')).toEqual([{ ...asset, status: 1 }])
  expect([read(0, 'getAsset'), read(0, 'getAssets')]).toEqual([null, null])
  expect(read(10, 'getFloat32Array')).toEqual(new Float32Array([1.5, 2]))
  expect(() => read(8, 'getString')).toThrow(code(14800000))
  expect(() => read(3, 'getAsset')).toThrow(code(14800000))
  expect([read(3, 'getLong'), read(2, 'getLong'), read(0, 'getDouble')]).toEqual([0, 2, 0])
  for (const wrong of [undefined, Symbol('s'), () => 1, { name: 'n' }])
    expect(() => store['insertSync']?.('T', { V: wrong })).toThrow(code(401))
})

test('predicates say which rows', async () => {
  const store = await harness.filled()
  const of = (build: (p: Members) => unknown): Promise<unknown[]> =>
    names(store, build(harness.predicates('EMPLOYEE')) as Members)
  const chain = (...calls: [string, ...unknown[]][]): Promise<unknown[]> =>
    of((start) => calls.reduce((at, [name, ...args]) => at[name]?.(...args) as Members, start))
  expect(await chain(['notEqualTo', 'NAME', 'Lisa'], ['orderByDesc', 'AGE'])).toEqual(['Tom', 'Jack'])
  expect(await chain(['between', 'AGE', 18, 19])).toEqual(['Lisa', 'Jack'])
  expect(await chain(['notBetween', 'AGE', 18, 19])).toEqual(['Tom'])
  expect(await chain(['contains', 'NAME', 'a'])).toEqual(['Lisa', 'Jack'])
  expect(await chain(['notContains', 'NAME', 'a'])).toEqual(['Tom'])
  expect(await chain(['beginsWith', 'NAME', 'J'], ['or'], ['endsWith', 'NAME', 'm'])).toEqual(['Jack', 'Tom'])
  expect(await chain(['like', 'NAME', 'T_m'])).toEqual(['Tom'])
  expect(await chain(['notLike', 'NAME', 'T_m'])).toEqual(['Lisa', 'Jack'])
  expect(await chain(['glob', 'NAME', '?o*'])).toEqual(['Tom'])
  expect(await chain(['isNull', 'CODES'], ['and'], ['lessThan', 'AGE', 20])).toEqual(['Jack'])
  expect(await chain(['isNotNull', 'CODES'])).toEqual(['Lisa'])
  expect(await chain(['in', 'AGE', [18, 20]])).toEqual(['Lisa', 'Tom'])
  expect(await chain(['notIn', 'AGE', [18, 20]])).toEqual(['Jack'])
  expect(await chain(['greaterThanOrEqualTo', 'AGE', 19], ['lessThanOrEqualTo', 'AGE', 19])).toEqual(['Jack'])
  expect(
    await chain(
      ['equalTo', 'NAME', 'Lisa'],
      ['beginWrap'],
      ['equalTo', 'AGE', 18],
      ['or'],
      ['equalTo', 'SALARY', 200.5],
      ['endWrap'],
    ),
  ).toEqual(['Lisa'])
  expect(await chain(['distinct'], ['orderByAsc', 'NAME'], ['limitAs', 1], ['offsetAs', 1])).toEqual(['Lisa'])
  expect(await chain(['offsetAs', 2])).toEqual(['Tom'])
  expect(await chain(['groupBy', ['AGE']], ['having', 'AGE > ?', [18]])).toEqual(['Jack', 'Tom'])
  await store['executeSql']?.('CREATE INDEX A ON EMPLOYEE(AGE)')
  expect(await chain(['indexedBy', 'A'], ['equalTo', 'AGE', 19])).toEqual(['Jack'])
  expect(await chain(['inDevices', ['x']], ['inAllDevices'], ['equalTo', 'AGE', 19])).toEqual(['Jack'])
  for (const [name, ...args] of [
    ['equalTo', 5, 1],
    ['equalTo', '', 1],
    ['equalTo', 'AGE'],
    ['in', 'AGE', 5],
    ['contains', 'AGE', 5],
    ['limitAs', 'x'],
    ['groupBy', []],
    ['having', 'x'],
    ['orderByAsc'],
  ] as const)
    expect(() => harness.predicates('EMPLOYEE')[name]?.(...args), name).toThrow(code(401))
  expect(() => harness.predicates('')).toThrow(code(401))
  expect(() => store['querySync']?.({})).toThrow(code(401))
})

test('SQL is executed, each kind by its own function', async () => {
  const store = await harness.filled()
  expect(await store['execute']?.('INSERT INTO EMPLOYEE(NAME) VALUES (?)', ['Ann'])).toBe(4)
  expect(store['executeSync']?.("UPDATE EMPLOYEE SET AGE=1 WHERE NAME <> 'Ann'")).toBe(3)
  expect(await store['execute']?.('-- all\nDELETE FROM EMPLOYEE')).toBe(4)
  expect(await store['execute']?.('PRAGMA user_version')).toBe(0)
  expect(await store['execute']?.('DROP TABLE EMPLOYEE')).toBeNull()
  for (const sql of ['SELECT 1', 'BEGIN', 'COMMIT', "ATTACH 'x' AS y"]) {
    await expect(store['execute']?.(sql), sql).rejects.toThrow(code(14800000))
    await expect(store['executeSql']?.(sql), sql).rejects.toThrow(code(14800000))
  }
  await expect(store['querySql']?.('CREATE TABLE T(A)')).rejects.toThrow(code(14800019))
  await expect(store['querySql']?.('SELECT * FROM')).rejects.toThrow(code(14800021))
  expect(await rows(store, 'WITH N(V) AS (SELECT ?) SELECT V FROM N', [5])).toEqual([{ V: 5 }])
  expect(() => store['executeSql']?.(5)).toThrow(code(401))
  expect(() => store['querySql']?.('SELECT 1', 5)).toThrow(code(401))
  Reflect.set(store, 'version', 3)
  expect(store['version']).toBe(3)
  for (const wrong of [0, -1, 1.5, '3']) expect(() => Reflect.set(store, 'version', wrong)).toThrow(code(401))
})

test('the SQL of predicates is told', () => {
  const which = harness.predicates('T')['equalTo']?.('A', 1)
  expect(harness.relationalStore['getInsertSqlInfo']?.('T', { A: 1 }, 5)).toEqual({
    sql: 'INSERT OR REPLACE INTO T(A) VALUES (?)',
    args: [1],
  })
  expect(harness.relationalStore['getUpdateSqlInfo']?.(which, { B: 2 })).toEqual({
    sql: 'UPDATE T SET B=? WHERE A = ?',
    args: [2, 1],
  })
  expect(harness.relationalStore['getDeleteSqlInfo']?.(which)).toEqual({
    sql: 'DELETE FROM T WHERE A = ?',
    args: [1],
  })
  expect(harness.relationalStore['getQuerySqlInfo']?.(which, ['A'])).toEqual({
    sql: 'SELECT A FROM T WHERE A = ?',
    args: [1],
  })
})
