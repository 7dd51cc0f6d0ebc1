import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

import { afterEach, expect, onTestFinished, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { buildChild, childReport, runChild } from '../test/run-child.ts'
import { pidfdOpen } from './pidfd.ts'
import { yieldProcessor } from './process-control.ts'
import { watchFd } from './watch-fd.ts'

afterEach(expectNoOpenFds)

test('no_new_privs and dumpable are set for good', async () => {
  expect(await childReport('process-control')).toEqual({
    before: { noNewPrivileges: false, dumpable: true },
    after: { noNewPrivileges: true, dumpable: false },
  })
})

test('to yield the processor returns also where nothing waits for it', () => {
  expect(yieldProcessor).not.toThrow()
})

test('a signal that node would take does what signals do', async () => {
  expect(await runChild('default-action')).toEqual({ code: null, signal: 'SIGUSR1', stdout: '', stderr: '' })
})

test('a process with a parent death signal ends with its parent', async () => {
  using program = buildChild('parent-death')
  const parent = spawn(process.execPath, [program.path], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = await once(parent.stdout, 'data')
  using grandchild = pidfdOpen(Number(String(line)))
  const ended = new Promise<void>((done) => {
    watchFd(grandchild, { readable: true }, () => {
      grandchild.close()
      done()
    })
  })
  // Both hold the pipe, so it closes when the second one is gone.
  const closed = once(parent.stdout, 'close')
  parent.kill('SIGKILL')
  await ended
  await closed
  expect(existsSync(`/proc/${Number(String(line))}/exe`)).toBe(false)
})
