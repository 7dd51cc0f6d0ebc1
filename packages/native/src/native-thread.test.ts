import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { cFunction, startThread } from './native-thread.ts'

function allowedProcessors(task: string): string | undefined {
  return /^Cpus_allowed:\s*(\S+)$/m.exec(readFileSync(`/proc/self/task/${task}/status`, 'utf8'))?.[1]
}

/** Set bits of a mask in hexadecimal, as /proc writes it. */
function countOf(mask: string | undefined): number {
  const bits = BigInt(`0x${mask?.replaceAll(',', '') ?? '0'}`).toString(2)
  return bits.replaceAll('0', '').length
}

test('a thread runs on every processor but that of its maker, who keeps all', () => {
  const before = readdirSync('/proc/self/task')
  const own = allowedProcessors(String(process.pid))
  const thread = startThread(cFunction('usleep'), 200_000n)
  const [task] = readdirSync('/proc/self/task').filter((name) => !before.includes(name))
  // One that has no other to go to stays.
  const expected = countOf(own) === 1 ? 1 : countOf(own) - 1
  expect(task === undefined ? undefined : countOf(allowedProcessors(task))).toBe(expected)
  expect(thread?.join()).toBe(0)
  expect(allowedProcessors(String(process.pid))).toBe(own)
})

test('where the routine is missing nothing is begun', () => {
  expect(startThread(cFunction('vpnext_has_no_such_function'), 0n)).toBeUndefined()
})
