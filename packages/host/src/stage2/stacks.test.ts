import { expect, test } from 'vitest'

import { authorsStack } from './stacks.ts'

const reported = `BusinessError: Failed to connect to the server.
    at httpError (/vpnext/stage2.js:78:19167)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async #run (/vpnext/stage2.js:89:8582)
    at async fetchList (entry/src/main/ets/Fetch.ets:7:15)
    at async MyVpn.onCreate (entry/src/main/ets/MyVpn.ets:17:15)
    at async runCallback (/vpnext/stage2.js:112:1780)`

test('of an error that the API documents the frames of the author are told', () => {
  expect(authorsStack(reported, true)).toBe(`BusinessError: Failed to connect to the server.
    at async fetchList (entry/src/main/ets/Fetch.ets:7:15)
    at async MyVpn.onCreate (entry/src/main/ets/MyVpn.ets:17:15)`)
})

test('of any other error it is told where it happened, and not who called the author', () => {
  const stack = `TypeError: x is not a function
    at TreeMap.set (/vpnext/stage2.js:108:25771)
    at MyVpn.onCreate (/bundle/scripts/main.cjs:25:36)
    at /vpnext/stage2.js:112:3698
    at AbilityRunner.create (/vpnext/stage2.js:112:2766)`
  expect(authorsStack(stack, false)).toBe(stack.split('\n').slice(0, 3).join('\n'))
})

test('a stack without the author is whole', () => {
  const stack = `BusinessError: x\n    at a (/vpnext/stage2.js:1:1)\n    at new Promise (node:internal:1:1)`
  expect(authorsStack(stack, true)).toBe(stack)
  expect(authorsStack('Error: of\n several lines', true)).toBe('Error: of\n several lines')
})
