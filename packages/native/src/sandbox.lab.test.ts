import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { existsSync } from 'node:fs'

import { expect, test } from 'vitest'

import { buildChild, childReport, nodeModules, runChild } from '../test/run-child.ts'
import { landlockAbi } from './landlock.ts'

const insideThread = {
  ownFile: 'ok',
  ownFileAsync: 'ok',
  passwd: 'EACCES',
  passwdAsync: 'EACCES',
  packetSocket: 'EPERM',
  rawSocket: 'EPERM',
  mount: 'EPERM',
}

test('the sandbox in two stages holds for every thread, even for root with all capabilities', async () => {
  using second = buildChild('sandbox-second')
  const abstract = `vpnext-native-${process.pid}`
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((done) => server.listen(`\0${abstract}`, done))
  try {
    const readable = [
      '/usr',
      '/lib',
      '/lib64',
      dirname(dirname(process.execPath)),
      nodeModules,
      second.folder,
    ]
    const found = await childReport('sandbox-first', {
      args: [second.path, abstract, ...readable.filter((path) => existsSync(path))],
    })
    const abi = landlockAbi()
    expect(found).toEqual({
      landlock: { abi, scoped: abi >= 6 },
      beforeFilter: { packetSocket: 'ok', pdeathsig: 'ok' },
      main: insideThread,
      earlyWorker: insideThread,
      lateWorker: insideThread,
      write: 'EACCES',
      spawn: 'EPERM',
      calls: {
        unshare: 'EPERM',
        setns: 'EPERM',
        ptrace: 'EPERM',
        bpf: 'EPERM',
        keyctl: 'EPERM',
        perf_event_open: 'EPERM',
        userfaultfd: 'EPERM',
        pidfd_getfd: 'EPERM',
      },
      clone3: 'ENOSYS',
      fork: 'EPERM',
      userNamespace: 'EPERM',
      pdeathsig: 'EPERM',
      signalOutside: abi >= 6 ? 'EPERM' : 'ok',
      abstractSocket: abi >= 6 ? 'EPERM' : 'ok',
      inet: 'ok',
      inet6: 'ok',
      routeNetlink: 'ok',
      lookup: 'ok',
      tun: { name: 'sandboxed', vnetHeader: true, multiQueue: false },
      offload: 'ok',
      persist: 'EPERM',
      newTun: 'EPERM',
    })
  } finally {
    await new Promise<void>((done) => server.close(() => done()))
  }
})

test('the kill action ends the process at the call in question', async () => {
  expect(await runChild('seccomp-kill')).toMatchObject({ code: null, signal: 'SIGSYS', stdout: '"alive"' })
})

test('a filter or ruleset that cannot be had is reported and changes nothing', async () => {
  expect(await childReport('sandbox-errors')).toEqual({
    missingPath: 'ENOENT',
    filterWithoutPermission: 'EACCES',
    landlockWithoutPermission: 'EPERM',
    stillReadable: 'ok',
    stillPtrace: 'ESRCH',
    otherThreadHasFilter: 'EBUSY',
  })
})
