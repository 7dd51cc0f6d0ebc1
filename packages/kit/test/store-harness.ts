import { openFds } from '@vpnext/native'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'

import type { Kits } from '../src/kits.ts'
import { testKits } from './test-runtime.ts'

type Call = (...args: unknown[]) => unknown
/** An object of the kit, as code without types sees it. */
export interface Members {
  [name: string]: Call
}

/** `relationalStore` in a folder of its own for each test, of as many processes as are asked for. */
export class StoreHarness {
  /** The data folder. */
  folder = ''
  readonly #kits: Kits[] = []

  /** To be made outside of tests. */
  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(join(tmpdir(), 'vpnext-rdb-'))
      this.another()
    })
    afterEach(() => {
      for (const kits of this.#kits.splice(0)) kits[Symbol.dispose]()
      rmSync(this.folder, { recursive: true })
      expect(openFds()).toBe(0)
    })
  }

  get relationalStore(): Members {
    return relationalStoreOf(this.#first)
  }

  get context(): unknown {
    return this.#first.context
  }

  /** Another process of the bundle. */
  another(): Kits {
    const { kits } = testKits({}, { dataFolder: this.folder })
    this.#kits.push(kits)
    return kits
  }

  /** @param rest of the configuration */
  async open(rest: object = {}, kits: Kits = this.#first): Promise<Members> {
    const store = await relationalStoreOf(kits)['getRdbStore']?.(kits.context, storeConfig(rest))
    return store as Members
  }

  predicates(table: string, kits: Kits = this.#first): Members {
    const Predicates = relationalStoreOf(kits)['RdbPredicates'] as unknown as new (name: string) => Members
    return new Predicates(table)
  }

  /** A store with three rows. */
  async filled(): Promise<Members> {
    const store = await this.open()
    await store['executeSql']?.(employee)
    await store['batchInsert']?.('EMPLOYEE', [
      { NAME: 'Lisa', AGE: 18, SALARY: 100.5, CODES: new Uint8Array([1, 2, 3]) },
      { NAME: 'Jack', AGE: 19, SALARY: 101.5 },
      { NAME: 'Tom', AGE: 20, SALARY: 102 },
    ])
    return store
  }

  get #first(): Kits {
    const [kits] = this.#kits
    if (kits === undefined) throw new Error('the harness is for tests')
    return kits
  }
}

export const employee =
  'CREATE TABLE IF NOT EXISTS EMPLOYEE (ID INTEGER PRIMARY KEY AUTOINCREMENT, NAME TEXT NOT NULL UNIQUE, AGE INTEGER, SALARY REAL, CODES BLOB)'

function relationalStoreOf(kits: Kits): Members {
  const namespace: Members = Reflect.get(kits.load('@kit.ArkData') ?? {}, 'relationalStore')
  return namespace
}

/** A configuration that every check accepts. */
export function storeConfig(rest: object = {}): object {
  return { name: 'Test.db', securityLevel: 3, ...rest }
}

/** What a query finds, each row an object. */
export async function rows(store: Members, sql: string, args: unknown[] = []): Promise<unknown[]> {
  const set = (await store['querySql']?.(sql, args)) as Members
  try {
    return (await set['getRows']?.(1000)) as unknown[]
  } finally {
    set['close']?.()
  }
}

export function code(expected: number): object {
  return expect.objectContaining({ code: expected }) as object
}
