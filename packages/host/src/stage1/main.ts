import { execve, hostFilterBeforeExec, installFilter, setParentDeathSignal } from '@vpnext/native'

import { restrictFiles } from './file-rules.ts'
import { Findings, findingsVariable } from './findings.ts'
import { takeIdentity } from './identity.ts'
import { readLaunch, receiveLaunch } from './launch.ts'
import { takeOrdinaryOomScore } from './oom-score.ts'
import { enterPrivateRoot, inside } from './private-root.ts'
import { exitWith, inPart } from './stage-error.ts'

/** The channel to the service, open from the start. */
const channel = 3

/**
 * Stage 1: builds the sandbox around the main thread, then replaces the process, so that every thread of the second stage
 * is born inside. Runs with the privileges of the service and touches nothing of the extension. The service may have
 * started it ahead: until the launch description comes it holds nothing of anybody.
 */
function main(): never {
  setParentDeathSignal('SIGKILL')
  takeOrdinaryOomScore()
  const findings = new Findings()
  const launch = inPart('launch', () => readLaunch(receiveLaunch(channel)))
  const nodePath = inPart('root', () => enterPrivateRoot(launch, findings))
  inPart('identity', () => takeIdentity(launch, findings))
  inPart('landlock', () => restrictFiles(nodePath, findings))
  inPart('seccomp', () => installFilter(hostFilterBeforeExec(), { allThreads: false }))
  return inPart('exec', () =>
    execve(nodePath, nodeArguments(nodePath), environment(findings), { keep: [channel] }),
  )
}

function nodeArguments(nodePath: string): string[] {
  return [
    nodePath,
    // What a function throws that native code calls from a thread of its own: an uncaught exception, as any other.
    '--force-node-api-uncaught-exceptions-policy=true',
    // What is required first runs in every thread that the extension begins, too.
    '--require',
    `${inside.image}/thread-start.cjs`,
    `${inside.image}/stage2.cjs`,
  ]
}

/** Nothing of the service's environment. node exits when it may not read the OpenSSL configuration it expects. */
function environment({ applied, missing }: Findings): Record<string, string> {
  return {
    HOME: inside.data,
    LANG: 'C.UTF-8',
    OPENSSL_CONF: '/dev/null',
    PATH: '/usr/bin:/bin',
    [findingsVariable]: JSON.stringify({ applied, missing }),
  }
}

try {
  main()
} catch (error) {
  exitWith(error)
}
