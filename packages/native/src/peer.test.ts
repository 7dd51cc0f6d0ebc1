import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, expect, onTestFinished, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import type { Fd } from './fd.ts'
import { peerCredentials, peerGroups, peerPidfd } from './peer.ts'
import { threadIdentity } from './process-identity.ts'
import { acceptUnix, listenUnix, socketPair } from './unix-socket.ts'

afterEach(expectNoOpenFds)

const pidOf = (pidfd: Fd): string | undefined =>
  /^Pid:\t(-?\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${pidfd.number}`, 'utf8'))?.[1]

test('the peer of one’s own pair is oneself', () => {
  const [left, right] = socketPair('stream')
  expect(peerCredentials(left)).toEqual({
    pid: process.pid,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  })
  expect(peerGroups(left).toSorted((a, b) => a - b)).toEqual(threadIdentity().groups)
  using pidfd = peerPidfd(left)
  if (pidfd === undefined) throw new Error('no pidfd')
  expect(pidOf(pidfd)).toBe(String(process.pid))
  left.close()
  right.close()
})

test('the peer of an accepted connection is the process that connected, even after its end', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'socket')
  using server = listenUnix(path, { mode: 0o600 })
  const script = `require('net').connect(${JSON.stringify(path)}).on('connect', () => console.log('connected'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  using accepted = acceptUnix(server)
  if (accepted === undefined) throw new Error('no connection was waiting')
  expect(peerCredentials(accepted).pid).toBe(child.pid)
  using pidfd = peerPidfd(accepted)
  if (pidfd === undefined) throw new Error('no pidfd')
  expect(pidOf(pidfd)).toBe(String(child.pid))
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(peerCredentials(accepted).pid).toBe(child.pid)
  // Of a process that was waited for there is no pidfd, or one that points nowhere.
  using late = peerPidfd(accepted)
  expect(late === undefined ? '-1' : pidOf(late)).toBe('-1')
})
