import { expect, test } from 'vitest'
import { resolvConfText } from '../dns/resolv-conf-text.ts'
import { addressesInHosts, readResolverFile } from './resolver-file.ts'

test('servers in order, three at most; the last search line counts; comments and nonsense do not', () => {
  const text = `# nameserver 9.9.9.9
search first.test
nameserver 10.8.0.1
nameserver fd08::1
 nameserver	10.8.0.2
nameserver 10.8.0.3
nameserver example.org
search corp.test  lab.test
`
  expect(readResolverFile(text)).toEqual({
    servers: ['10.8.0.1', 'fd08::1', '10.8.0.2'],
    searchDomains: ['corp.test', 'lab.test'],
  })
})

test('without a server, and without a file, this machine is asked', () => {
  expect(readResolverFile('')).toEqual({ servers: ['127.0.0.1'], isDefault: true, searchDomains: [] })
})

test('a file that a tunnel wrote says of which instance', () => {
  const wishes = { servers: ['10.8.0.1'], searchDomains: ['corp.test'] }
  const text = resolvConfText([wishes], 'lab-2', 'nameserver 192.0.2.1\n')
  expect(readResolverFile(text)).toEqual({
    servers: ['10.8.0.1'],
    searchDomains: ['corp.test'],
    instance: 'lab-2',
  })
})

test('names of the hosts file, as the C library compares them', () => {
  const hosts = `127.0.0.1 localhost
10.1.2.3\tserver.test Server # not.this
fd00::9 server.test
nonsense server.test`
  expect(addressesInHosts(hosts, 'SERVER.test.')).toEqual(['10.1.2.3', 'fd00::9'])
  expect(addressesInHosts(hosts, 'not.this')).toEqual([])
  expect(addressesInHosts('', 'localhost')).toEqual([])
})
