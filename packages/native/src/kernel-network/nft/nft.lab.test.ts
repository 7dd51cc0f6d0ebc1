import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

import { failure, inside, nft, useNamespace } from '../../../test/nft-bed.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import { listNft, listNftText, nftAvailable, runNft } from './nft.ts'

const ruleset = `
table inet guard {
  set covered { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 203.0.113.0/24 } }
  chain out {
    type filter hook output priority 10; policy accept;
    oifname "lo" accept
    meta mark & 0x01000000 == 0x01000000 accept
    ip daddr @covered meta l4proto tcp reject with tcp reset
    counter drop
  }
}
`

useNamespace()

test('a ruleset is set and told as the nft command tells it', () => {
  expect(inside(nftAvailable)).toBe(true)
  expect(inside(() => runNft(ruleset))).toBe('')
  expect(nft('list', 'ruleset')).toContain('chain out')
  expect(inside(listNftText)).toBe(nft('list', 'ruleset'))
  expect(inside(listNft)).toEqual(JSON.parse(nft('-j', 'list', 'ruleset')))
  expect(inside(() => runNft('list table inet guard'))).toBe(nft('list', 'table', 'inet', 'guard'))
})

test('an empty ruleset is empty', () => {
  expect(inside(listNftText)).toBe('')
  expect(inside(listNft).nftables.map((entry) => Object.keys(entry))).toEqual([['metainfo']])
})

test('the commands act on the namespace of the call, and on no other', () => {
  using other = createNetworkNamespace()
  inside(() => runNft(ruleset))
  expect(withNetworkNamespace(other, listNftText)).toBe('')
  expect(inside(listNftText)).toContain('table inet guard')
})

test('a failure changes nothing and has nft’s words and the error in them', () => {
  inside(() => runNft(ruleset))
  const before = nft('list', 'ruleset')
  const missing = failure(() => runNft('delete table inet guard\nadd rule inet nowhere out accept'))
  expect(missing).toMatchObject({ code: 'ENOENT', syscall: 'nft' })
  expect(missing.detail).toContain('No such file or directory')
  const syntax = failure(() => runNft('delete table inet guard\nadd rule inet guard out frobnicate'))
  expect(syntax).toMatchObject({ code: 'EINVAL' })
  expect(syntax.detail).toContain('syntax error')
  expect(failure(() => runNft('create table inet guard')).code).toBe('EEXIST')
  expect(() => runNft('add table inet a\0b')).toThrow(RangeError)
  expect(nft('list', 'ruleset')).toBe(before)
})

test('two hundred calls, failures among them, leave no descriptor behind', async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length
  const before = descriptors()
  inside(() => runNft(ruleset))
  for (let round = 0; round < 100; round++) {
    inside(() => runNft('add element inet guard covered { 192.0.2.0/24 }'))
    failure(() => runNft('add rule inet nowhere out accept'))
  }
  // Threads close them, once the kernel has finished what each transaction removed.
  await expect.poll(descriptors, { timeout: 30_000 }).toBe(before)
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
      inside(() => runNft(ruleset))
      inside(() => runNft('delete table inet guard'))
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
