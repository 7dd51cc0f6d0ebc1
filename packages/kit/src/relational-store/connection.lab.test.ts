import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { bundleProgram } from '../../test/bundle-program.ts'
import { Connection } from './connection.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-rdb-'))
  path = join(folder, 'shared.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('processes that write at once lose nothing', async () => {
  const program = await bundleProgram('database-writer.ts', folder)
  using connection = new Connection(path)
  connection.now(() => {
    connection.run('CREATE TABLE N (V)')
    connection.run('INSERT INTO N VALUES (0)')
  })
  const run = async (): Promise<unknown> =>
    await promisify(execFile)(process.execPath, [program, path, 'add', '20'])
  await Promise.all([run(), run(), run()])
  expect(connection.now(() => connection.query('SELECT V FROM N').rows)).toEqual([[60]])
})

test('what a process that was killed had begun is undone, and keeps nobody out', async () => {
  const program = await bundleProgram('database-writer.ts', folder)
  using connection = new Connection(path)
  connection.now(() => {
    connection.run('CREATE TABLE T (V)')
    connection.atomically(() => {
      for (let row = 0; row < 500; row++) connection.run('INSERT INTO T VALUES (?)', ['old'.repeat(50)])
    })
  })
  const other = spawn(process.execPath, [program, path, 'change'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  expect(() => connection.now(() => connection.query('SELECT count(*) FROM T'), 50)).toThrow(
    expect.objectContaining({ code: 14800024 }) as object,
  )
  other.kill('SIGKILL')
  await once(other, 'close')
  expect(existsSync(`${path}-journal`)).toBe(true)
  const { rows } = connection.now(() => connection.query('SELECT DISTINCT substr(V, 1, 3) FROM T'))
  expect(rows).toEqual([['old']])
  expect(connection.now(() => connection.query('PRAGMA integrity_check').rows)).toEqual([['ok']])
  connection.now(() => connection.run('DELETE FROM T'))
  expect(existsSync(`${path}-journal`)).toBe(false)
})
