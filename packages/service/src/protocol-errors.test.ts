import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { answeringClient } from './protocol-errors.ts'

test('what the machine refuses is told as that, and nothing else is', async () => {
  // Every write to it fails as on a full disk; full(4).
  await expect(answeringClient(() => writeFileSync('/dev/full', 'x'))).rejects.toMatchObject({
    error: 'io.vpnext.MachineRefused',
    parameters: { reason: 'ENOSPC: no space left on device, write' },
  })
  await expect(answeringClient(() => readFileSync('/nonexistent'))).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await answeringClient(() => 5)).toBe(5)
})
