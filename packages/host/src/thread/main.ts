import { businessError } from '@vpnext/api'
import { createKits, obeyControl, threadPlace, type ServiceCalls } from '@vpnext/kit'
import { parentPort, workerData } from 'node:worker_threads'

import { bundleFolder, dataFolder } from '../stage2/places.ts'
import { extensionLoader } from '../stage2/module-loader.ts'
import { tellStacks } from '../stage2/stacks.ts'
import { threadLog } from './thread-log.ts'

/**
 * A thread that extension code has begun: it can import the kits and write to the log, but runs no ability. So there is no
 * context in it, and nothing of the service within its reach (16000011).
 */
const refuse = (): Promise<never> => Promise.reject(businessError(16000011))
const service: ServiceCalls = {
  createVpn: refuse,
  destroyVpn: refuse,
  protect: refuse,
  protectProcess: () => Promise.resolve({ by: 'nobody', reason: 'this thread runs no ability' }),
  countTraffic: refuse,
  setAlwaysOn: refuse,
  isAlwaysOn: refuse,
  updateAuthorization: refuse,
  startAbility: refuse,
  stopAbility: refuse,
  connectAbility: refuse,
  disconnectAbility: refuse,
  sendRequest: refuse,
  startPage: refuse,
  terminateSelf: refuse,
  reportTest: refuse,
  finishTests: refuse,
  searchLog: refuse,
  clearLog: refuse,
  publishEvent: refuse,
  subscribeEvents: refuse,
  unsubscribeEvents: refuse,
}

const thread = threadPlace(workerData, parentPort)
const kits = createKits({
  service,
  dataFolder,
  bundleFolder,
  uid: process.getuid?.() ?? 0,
  log: threadLog(),
  ...(thread !== undefined && { thread }),
  // A worker's tasks run in threads that load what it has loaded; those of a task in its own.
  ...(thread?.role.kind === 'worker' && { script: thread.role.script }),
})
kits.installGlobals(globalThis)
extensionLoader(kits, bundleFolder)
tellStacks()
if (thread !== undefined) obeyControl(thread.role.control)
