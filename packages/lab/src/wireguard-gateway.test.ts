import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import type { Namespace } from './namespace.ts'
import { WireGuardGateway } from './wireguard-gateway.ts'

test('a program that ends before it has read its config is an error of the start, and of nothing else', async () => {
  const host = { spawn: (_command, _args, options) => spawn('true', [], options ?? {}) } satisfies Pick<
    Namespace,
    'spawn'
  >
  // More than a pipe takes, so that the rest of it is refused.
  const conf = '#'.repeat(1024 * 1024)
  await expect(WireGuardGateway.start(host as unknown as Namespace, { conf })).rejects.toThrow('gateway: ')
})
