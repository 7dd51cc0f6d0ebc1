import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

test('of whoever writes without end, a piece is read in each turn of the event loop', async () => {
  using child = spawn('yes', [''], { stdio: ['ignore', 'pipe', 'ignore'] })
  const lines = { count: 0 }
  readLines(child.stdout, () => (lines.count += 1))
  for (let last = 0; lines.count < 2_000_000; last = lines.count) {
    await new Promise((resolve) => setImmediate(resolve))
    // Lines of one byte, in pieces of 64 KiB.
    expect(lines.count - last).toBeLessThanOrEqual(2 * 65_536)
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
})

test('every line comes, the last one without its end too', async () => {
  using child = spawn('sh', ['-c', 'seq 1 50000; printf end'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const lines: string[] = []
  readLines(child.stdout, (line) => lines.push(line))
  await once(child, 'close')
  expect(lines).toEqual([...Array.from({ length: 50_000 }, (_, index) => String(index + 1)), 'end'])
})
