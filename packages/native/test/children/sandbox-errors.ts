// As root, then without privileges: what cannot be installed is told, and nothing is denied.
import { readFileSync } from 'node:fs'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

import {
  denyList,
  dropCapabilities,
  installFilter,
  restrictFilesystem,
  setNoNewPrivileges,
} from '@vpnext/native'

import { check } from '../../src/libc.ts'
import { rawSyscall } from '../../src/raw-syscall.ts'
import { outcome, report } from './report.ts'

if (!isMainThread) {
  setNoNewPrivileges()
  installFilter(denyList(['acct']), { allThreads: false })
  // Kept alive by a timer, so that its filter is there when the main thread asks for one of its own.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage('filtered')
  setInterval(() => {}, 1000)
} else {
  const missingPath = outcome(() => restrictFilesystem([{ path: '/no/such/path', access: ['read'] }]))
  dropCapabilities()
  const filterWithoutPermission = outcome(() => installFilter(denyList(['ptrace']), { allThreads: false }))
  const landlockWithoutPermission = outcome(() => restrictFilesystem([{ path: '/', access: ['read'] }]))
  const stillReadable = outcome(() => readFileSync('/etc/passwd'))
  // PTRACE_ATTACH to a pid that cannot exist.
  const stillPtrace = outcome(() => check(rawSyscall({ x64: 101, arm64: 117 }, 16, 2 ** 22 + 1), 'ptrace'))
  setNoNewPrivileges()
  const worker = new Worker(new URL(import.meta.url))
  await new Promise((done) => worker.once('message', done))
  const otherThreadHasFilter = outcome(() => installFilter(denyList(['ptrace']), { allThreads: true }))
  report({
    missingPath,
    filterWithoutPermission,
    landlockWithoutPermission,
    stillReadable,
    stillPtrace,
    otherThreadHasFilter,
  })
  process.exit(0)
}
