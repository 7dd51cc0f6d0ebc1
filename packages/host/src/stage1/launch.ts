import type { HostLaunch } from '@vpnext/service/protocol'
import { readSync } from 'node:fs'

import { StageError } from './stage-error.ts'

/** Longest launch description, in bytes: a few paths. */
const maxLaunch = 64 * 1024

/**
 * Waits for the launch description, the first record on the channel; for days, if nobody starts an extension. Ends the
 * process when the service goes first.
 *
 * @param channel a blocking seqpacket socket
 */
export function receiveLaunch(channel: number): string {
  const buffer = Buffer.alloc(maxLaunch)
  const length = readSync(channel, buffer)
  if (length === 0) process.exit(0)
  return buffer.toString('utf8', 0, length)
}

/**
 * Reads what the service says. It comes from the service alone, so this only keeps mistakes from
 * turning into mounts of the wrong place.
 *
 * @throws StageError naming the member
 */
export function readLaunch(record: string): HostLaunch {
  let value: unknown
  try {
    value = JSON.parse(record)
  } catch (error) {
    throw new StageError('launch', 'the launch description is not JSON', { cause: error })
  }
  const identity = member(value, 'identity')
  return {
    nodePath: absolute(value, 'nodePath'),
    hostImage: absolute(value, 'hostImage'),
    bundleFolder: absolute(value, 'bundleFolder'),
    dataFolder: absolute(value, 'dataFolder'),
    resolvConf: absolute(value, 'resolvConf'),
    ...(identity !== undefined && { identity: { uid: id(identity, 'uid'), gid: id(identity, 'gid') } }),
  }
}

function absolute(value: unknown, name: string): string {
  const path = text(value, name)
  if (path.startsWith('/') && !path.split('/').includes('..')) return path
  throw new StageError('launch', `${name}: is not an absolute path`)
}

function text(value: unknown, name: string): string {
  const found = member(value, name)
  if (typeof found === 'string' && !found.includes('\0')) return found
  throw new StageError('launch', `${name}: is not a text`)
}

/** Never 0: a host does not run as root. */
function id(value: unknown, name: string): number {
  const found = member(value, name)
  if (typeof found === 'number' && Number.isInteger(found) && found > 0 && found < 0xffffffff) return found
  throw new StageError('launch', `identity.${name}: is not an id above 0`)
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
