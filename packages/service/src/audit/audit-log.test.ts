import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { type AuditEvent, AuditLog } from './audit-log.ts'
import { verifyAuditText } from './chain.ts'

const noFailure = (error: unknown): never => {
  throw error
}
const event = (bundleName: string): AuditEvent => ({
  event: 'install',
  byUid: 1000,
  ownerUid: 1000,
  bundleName,
  codeHash: 'ab'.repeat(32),
})

function writeSome(path: string, names: readonly string[]): string {
  using log = AuditLog.open(path, noFailure).log
  for (const name of names) log.append(event(name))
  return readFileSync(path, 'utf8')
}

test('the chain goes on over restarts, and verifies', () => {
  using folder = temporaryFolder()
  const path = folder.in('audit.jsonl')
  writeSome(path, ['com.example.one', 'com.example.two'])
  const text = writeSome(path, ['com.example.three'])
  expect(verifyAuditText(text)).toEqual({ intact: true, lines: 3 })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a changed, a removed and a moved line each break the chain at the line after', () => {
  using folder = temporaryFolder()
  const text = writeSome(folder.in('audit.jsonl'), ['com.example.a', 'com.example.b', 'com.example.c'])
  const [first = '', second = '', third = ''] = text.split('\n')
  const broken = (lines: string[]): unknown => verifyAuditText(`${lines.join('\n')}\n`)
  expect(broken([first, second, third])).toEqual({ intact: true, lines: 3 })
  expect(broken([first, second.replace('1000', '1001'), third])).toMatchObject({ intact: false, line: 3 })
  expect(broken([first, third])).toMatchObject({ intact: false, line: 2 })
  expect(broken([second, first, third])).toMatchObject({ intact: false, line: 1 })
})

test('a line that a crash cut off is kept and shown, and the log goes on', () => {
  using folder = temporaryFolder()
  const path = folder.in('audit.jsonl')
  const text = writeSome(path, ['com.example.a', 'com.example.b'])
  writeFileSync(path, text.slice(0, -20))
  const opened = AuditLog.open(path, noFailure)
  opened.log.append(event('com.example.c'))
  opened.log.close()
  expect(opened.verdict).toMatchObject({ intact: false, line: 2 })
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[2]).toContain('log-resumed')
  expect(lines[3]).toContain('com.example.c')
})

test('after close nothing is written, and note reports what could not be', () => {
  using folder = temporaryFolder()
  const path = folder.in('audit.jsonl')
  const { log } = AuditLog.open(path, noFailure)
  log.append(event('com.example.a'))
  log.close()
  log.append(event('com.example.late'))
  expect(readFileSync(path, 'utf8')).not.toContain('late')

  const failures: unknown[] = []
  using other = AuditLog.open(path, (error) => failures.push(error)).log
  const unwritable = { ...event('com.example.b'), byUid: 1n as unknown as number }
  other.note(unwritable)
  expect(failures).toEqual([expect.any(TypeError)])
  expect(() => other.append(unwritable)).toThrow(TypeError)
  other.append(event('com.example.c'))
  expect(verifyAuditText(readFileSync(path, 'utf8'))).toEqual({ intact: true, lines: 2 })
})

/** Files of this process get no longer than that: what goes beyond is written in part, as on a disk that is nearly full. */
function limitFiles(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:`])
}

test('an event that does not fit on the disk leaves no part of a line, and the chain goes on when there is room', () => {
  using folder = temporaryFolder()
  const path = folder.in('audit.jsonl')
  const failures: unknown[] = []
  using log = AuditLog.open(path, (error) => void failures.push(error)).log
  log.append(event('com.example.one'))
  const { size } = statSync(path)
  try {
    limitFiles(size + 20)
    expect(() => log.append(event('com.example.two'))).toThrow('EFBIG')
    log.note(event('com.example.three'))
  } finally {
    limitFiles('unlimited')
  }
  expect(failures).toEqual([expect.objectContaining({ code: 'EFBIG' })])
  expect(statSync(path).size).toBe(size)
  log.append(event('com.example.four'))
  expect(verifyAuditText(readFileSync(path, 'utf8'))).toEqual({ intact: true, lines: 2 })
})
