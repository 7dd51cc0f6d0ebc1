// Stage 2: born inside the sandbox of stage 1, with threads running already when it adds the second filter.
import { spawnSync } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { writeFileSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

import {
  describeTun,
  Fd,
  hostFilterAfterExec,
  inetSocket,
  installFilter,
  openTun,
  pidfdOpen,
  pidfdSignal,
  setDumpable,
  setParentDeathSignal,
  setTunOffload,
} from '@vpnext/native'

import { check } from '../../src/libc.ts'
import { rawSyscall } from '../../src/raw-syscall.ts'
import { type SyscallName, syscallNumber } from '../../src/seccomp/syscall-table.ts'
import { asyncOutcome, outcome, report } from './report.ts'

function call(name: SyscallName, ...args: number[]): string {
  return outcome(() => {
    const number = { x64: syscallNumber(name, 'x64') ?? -1, arm64: syscallNumber(name, 'arm64') ?? -1 }
    check(rawSyscall(number, ...args), name)
  })
}

const start = (data: string): Worker => new Worker(new URL(import.meta.url), { workerData: data })
const answer = (worker: Worker): Promise<unknown> => new Promise((done) => worker.once('message', done))
/** Lets a waiting worker go on. */
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const release = (worker: Worker): void => worker.postMessage('go')

/** What every thread must find. */
async function threadOutcomes(): Promise<Record<string, string>> {
  return {
    ownFile: outcome(() => readFileSync(import.meta.filename)),
    ownFileAsync: await asyncOutcome(() => readFile(import.meta.filename)),
    passwd: outcome(() => readFileSync('/etc/passwd')),
    passwdAsync: await asyncOutcome(() => readFile('/etc/passwd')),
    packetSocket: call('socket', 17, 3, 0),
    rawSocket: call('socket', 2, 3, 1),
    mount: call('mount'),
  }
}

if (!isMainThread) {
  const port = parentPort
  if (workerData === 'wait') await new Promise((done) => port?.once('message', done))
  port?.postMessage(await threadOutcomes())
} else {
  const [, , tunNumber, abstract = '', landlock = '{}'] = process.argv
  await readFile(import.meta.filename)
  const early = start('wait')
  await new Promise((done) => early.once('online', done))
  const beforeFilter = {
    packetSocket: call('socket', 17, 3, 0),
    pdeathsig: outcome(() => setParentDeathSignal('SIGKILL')),
  }
  setDumpable(false)
  installFilter(hostFilterAfterExec(), { allThreads: true })

  const earlyAnswer = answer(early)
  release(early)
  const tun = Fd.adopt(Number(tunNumber))
  const parent = pidfdOpen(process.ppid)
  report({
    landlock: JSON.parse(landlock),
    beforeFilter,
    main: await threadOutcomes(),
    earlyWorker: await earlyAnswer,
    lateWorker: await answer(start('now')),
    write: outcome(() => writeFileSync('/tmp/vpnext-sandbox-escape', 'x')),
    spawn: outcome(() => {
      const { error } = spawnSync('/bin/true')
      if (error !== undefined) throw error
    }),
    calls: Object.fromEntries(
      (
        [
          'unshare',
          'setns',
          'ptrace',
          'bpf',
          'keyctl',
          'perf_event_open',
          'userfaultfd',
          'pidfd_getfd',
        ] as const
      ).map((name) => [name, call(name)]),
    ),
    clone3: call('clone3'),
    fork: call('clone', 0x11),
    userNamespace: call('clone', 0x10000011),
    pdeathsig: outcome(() => setParentDeathSignal('SIGTERM')),
    signalOutside: outcome(() => pidfdSignal(parent, 0)),
    abstractSocket: await asyncOutcome(
      () =>
        new Promise((done, fail) => {
          connect(`\0${abstract}`).on('error', fail).on('connect', done)
        }),
    ),
    inet: outcome(() => inetSocket(4, 'stream').close()),
    inet6: outcome(() => inetSocket(6, 'dgram').close()),
    routeNetlink: call('socket', 16, 3, 0),
    lookup: await asyncOutcome(() => lookup('127.0.0.1')),
    tun: describeTun(tun),
    offload: outcome(() => setTunOffload(tun, 1)),
    persist: call('ioctl', tun.number, 0x400454cb, 1),
    newTun: outcome(() => openTun({ name: 'escape' })),
  })
  process.exit(0)
}
