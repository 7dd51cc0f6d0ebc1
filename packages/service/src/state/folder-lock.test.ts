import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { folderHolder, lockFolder } from './folder-lock.ts'

const inUse = expect.objectContaining({
  code: 'in-use',
  message: expect.stringContaining(String(process.pid)) as string,
})

test('a folder is claimed once, and again after its release', () => {
  using folder = temporaryFolder()
  expect(folderHolder(folder.path)).toBeUndefined()
  {
    using _lock = lockFolder(folder.path)
    expect(folderHolder(folder.path)).toBe(process.pid)
    expect(() => lockFolder(folder.path)).toThrow(inUse)
  }
  expect(folderHolder(folder.path)).toBeUndefined()
  using _again = lockFolder(folder.path)
  expect(() => lockFolder(folder.path)).toThrow(inUse)
  expect(readdirSync(folder.path)).toEqual(['service.lock'])
})

test('the lock of another living process holds, and that of a dead one does not', async () => {
  using folder = temporaryFolder()
  const sleeper = spawn('sleep', ['600'], { stdio: 'ignore' })
  try {
    {
      using _lock = lockFolder(folder.path)
      const claim: unknown = JSON.parse(readFileSync(folder.in('service.lock'), 'utf8'))
      const stat = readFileSync(`/proc/${sleeper.pid}/stat`, 'utf8').split(' ')
      writeFileSync(
        folder.in('theirs'),
        JSON.stringify({ ...(claim as object), pid: sleeper.pid, startTime: stat[21] }),
      )
    }
    writeFileSync(folder.in('service.lock'), readFileSync(folder.in('theirs')))
    expect(() => lockFolder(folder.path)).toThrow(expect.objectContaining({ code: 'in-use' }))
    expect(folderHolder(folder.path)).toBe(sleeper.pid)
  } finally {
    sleeper.kill('SIGKILL')
    await once(sleeper, 'exit')
  }
  expect(folderHolder(folder.path)).toBeUndefined()
  using _lock = lockFolder(folder.path)
  expect(() => lockFolder(folder.path)).toThrow(inUse)
})

test.each([
  ['empty', ''],
  ['zeros', '\0'.repeat(95)],
])(
  'of a lock that a loss of power has left %s nobody is the holder; one with other content is named',
  (_what, left) => {
    using folder = temporaryFolder()
    writeFileSync(folder.in('service.lock'), left)
    expect(folderHolder(folder.path)).toBeUndefined()
    {
      using _lock = lockFolder(folder.path)
      expect(folderHolder(folder.path)).toBe(process.pid)
      expect(() => lockFolder(folder.path)).toThrow(inUse)
    }
    expect(readdirSync(folder.path)).toEqual([])
    writeFileSync(folder.in('service.lock'), '{"version":1,')
    expect(() => lockFolder(folder.path)).toThrow(expect.objectContaining({ code: 'damaged-state' }))
  },
)

test('a lock whose pid was given to another process since does not hold', () => {
  using folder = temporaryFolder()
  {
    using _lock = lockFolder(folder.path)
    const claim: unknown = JSON.parse(readFileSync(folder.in('service.lock'), 'utf8'))
    writeFileSync(folder.in('older'), JSON.stringify({ ...(claim as object), startTime: '1' }))
  }
  writeFileSync(folder.in('service.lock'), readFileSync(folder.in('older')))
  using _lock = lockFolder(folder.path)
  expect(() => lockFolder(folder.path)).toThrow(inUse)
})
