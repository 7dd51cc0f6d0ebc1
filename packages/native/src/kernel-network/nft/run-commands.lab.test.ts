import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

import { failure, inside, nft, useNamespace } from '../../../test/nft-bed.ts'
import { openFds } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import type { NftCommand, NftSet } from './command.ts'
import { listNftText } from './nft.ts'
import { listNftMessages } from '../../../test/nft-messages.ts'
import { beginNftCommands, nftTableExists, openNftLine, runNftCommands } from './run-commands.ts'

const table = 'guard'
const covered: NftSet = { name: 'covered', type: 'ipv4_addr', interval: true }
const ruleset: readonly NftCommand[] = [
  { op: 'addTable', table },
  { op: 'addSet', table, set: covered },
  { op: 'addElements', table, set: covered, elements: ['10.0.0.0/8', '203.0.113.0/24'] },
  { op: 'addChain', table, chain: 'out', base: { type: 'filter', hook: 'output', priority: 10 } },
  { op: 'flushChain', table, chain: 'out' },
  {
    op: 'addRule',
    table,
    chain: 'out',
    rule: [{ kind: 'addressIn', family: 4, field: 'daddr', set: 'covered' }, { kind: 'drop' }],
  },
]
const removal: readonly NftCommand[] = [{ op: 'deleteTable', table }]
const elsewhere: NftCommand = { op: 'addRule', table: 'nowhere', chain: 'out', rule: [{ kind: 'accept' }] }

useNamespace()

test('commands act on the namespace of the call, and on no other; again, they change nothing', () => {
  using other = createNetworkNamespace()
  inside(() => runNftCommands(ruleset))
  const listing = nft('list', 'ruleset')
  expect(listing).toContain('elements = { 10.0.0.0/8, 203.0.113.0/24 }')
  expect(listing).toContain('ip daddr @covered drop')
  inside(() => runNftCommands(ruleset))
  expect(nft('list', 'ruleset')).toBe(listing)
  expect(withNetworkNamespace(other, listNftText)).toBe('')
})

test('a table is there or not', () => {
  expect(inside(() => nftTableExists(table))).toBe(false)
  inside(() => runNftCommands(ruleset))
  expect(inside(() => nftTableExists(table))).toBe(true)
  expect(inside(() => nftTableExists('guar'))).toBe(false)
  inside(() => runNftCommands(removal))
  expect(inside(() => nftTableExists(table))).toBe(false)
})

test('a failure changes nothing and names the command', () => {
  inside(() => runNftCommands(ruleset))
  const before = nft('list', 'ruleset')
  const missing = failure(() => runNftCommands([...removal, elsewhere]))
  expect(missing).toMatchObject({ code: 'ENOENT', syscall: 'nft', index: 1 })
  expect(missing.detail).toContain('add rule inet nowhere out accept')
  const wrong = {
    ...elsewhere,
    rule: [{ kind: 'interface', side: 'iifname', name: 'x'.repeat(16) }],
  } as const
  expect(() => inside(() => runNftCommands([...removal, wrong]))).toThrow(RangeError)
  const overlap = { op: 'addElements', table, set: covered, elements: ['10.1.0.0/33'] } as const
  expect(() => inside(() => beginNftCommands([...removal, overlap]))).toThrow(RangeError)
  expect(nft('list', 'ruleset')).toBe(before)
})

test('commands run beside the calling thread, in the namespace it was in', () => {
  const run = inside(() => beginNftCommands(ruleset))
  run.wait()
  run.wait()
  expect(nft('list', 'ruleset')).toContain('chain out')
})

test('an open line takes one run after the other, in the namespace it was opened in, and failures do not stay in it', () => {
  const before = openFds()
  const line = inside(openNftLine)
  for (let round = 0; round < 3; round++) {
    const broken = beginNftCommands([{ op: 'addTable', table }, elsewhere, elsewhere], line)
    expect(() => broken.wait()).toThrow(expect.objectContaining({ code: 'ENOENT', index: 1 }))
    beginNftCommands(ruleset, line).wait()
    expect(nft('list', 'ruleset')).toContain('chain out')
    beginNftCommands(removal, line).wait()
    expect(nft('list', 'ruleset')).toBe('')
  }
  expect(listNftText()).toBe('')
  line[Symbol.dispose]()
  expect(openFds()).toBe(before)
})

test('what fails beside the calling thread is an error for whoever waits, and changes nothing', () => {
  const run = inside(() => beginNftCommands([{ op: 'addTable', table }, elsewhere]))
  expect(() => run.wait()).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'nft', index: 1 }))
  expect(nft('list', 'ruleset')).toBe('')
})

test('whoever uses nft next waits for commands that are under way', () => {
  const first = inside(() => beginNftCommands(ruleset))
  expect(inside(listNftText)).toContain('chain out')
  const second = inside(() => beginNftCommands(removal))
  expect(inside(() => nftTableExists(table))).toBe(false)
  const third = inside(() => beginNftCommands([{ op: 'addTable', table: 'last' }]))
  for (const run of [third, second, first]) run.wait()
  expect(nft('list', 'tables')).toBe('table inet last\n')
})

test('a set of ten thousand prefixes goes in and out, with and without a thread', () => {
  const elements = Array.from({ length: 10_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/25`)
  const large: NftCommand[] = [
    { op: 'addTable', table },
    { op: 'addSet', table, set: covered },
    { op: 'flushSet', table, set: covered },
    { op: 'addElements', table, set: covered, elements },
  ]
  const count = (): number | undefined => inside(() => listNftMessages(table)).sets[0]?.elements.length
  inside(() => runNftCommands(large))
  expect(count()).toBe(20_000)
  inside(() => beginNftCommands(large)).wait()
  expect(count()).toBe(20_000)
  inside(() => runNftCommands(large.slice(0, 3)))
  expect(count()).toBe(0)
})

test('signals during a transaction do not make it fail', () => {
  let heard = 0
  const count = (): void => {
    heard += 1
  }
  process.on('SIGUSR2', count)
  // Nothing else of this process listens for it, and it ends with the last of the rounds.
  const flood = `while kill -USR2 ${process.pid}; do sleep 0.001; done`
  const sender = spawn('sh', ['-c', flood], { stdio: 'ignore' })
  try {
    for (let round = 0; round < 50; round++) {
      inside(() => runNftCommands(ruleset))
      inside(() => beginNftCommands(removal)).wait()
    }
    expect(inside(listNftText)).toBe('')
  } finally {
    sender.kill('SIGKILL')
  }
  return new Promise<void>((resolve) => {
    sender.once('exit', () => {
      setImmediate(() => {
        process.off('SIGUSR2', count)
        expect(heard).toBeGreaterThan(0)
        resolve()
      })
    })
  })
})

test('two hundred calls, failures among them, leave no descriptor behind', async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length
  const before = descriptors()
  for (let round = 0; round < 100; round++) {
    inside(() => runNftCommands(ruleset))
    failure(() => beginNftCommands([...removal, elsewhere]).wait())
  }
  // Threads close them, once the kernel has finished what each transaction removed.
  await expect.poll(descriptors, { timeout: 30_000 }).toBe(before)
})
