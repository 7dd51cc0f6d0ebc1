import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { afterEach, expect, onTestFinished, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { pidfdOpen, pidfdSignal } from './pidfd.ts'
import { watchFd } from './watch-fd.ts'

afterEach(expectNoOpenFds)

test('a pidfd signals its process, and becomes readable at its end', async () => {
  const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  if (child.pid === undefined) throw new Error('not started')
  using fd = pidfdOpen(child.pid)
  expect(pidfdSignal(fd, 0)).toBe(true)
  const ended = new Promise<void>((done) => {
    const watch = watchFd(fd, { readable: true }, () => {
      watch[Symbol.dispose]()
      done()
    })
  })
  expect(pidfdSignal(fd, 'SIGTERM')).toBe(true)
  await ended
  expect(await exit).toEqual([null, 'SIGTERM'])
  expect(pidfdSignal(fd, 'SIGKILL')).toBe(false)
})

test('there is no pidfd of a process that does not exist', () => {
  // Above the largest pid_max.
  expect(() => pidfdOpen(2 ** 22 + 1)).toThrow(
    expect.objectContaining({ code: 'ESRCH', syscall: 'pidfd_open' }),
  )
})
