import { expect, test } from 'vitest'
import type { ApplicationList } from '../identity/application-list.ts'
import type { DnsRewriteData, PlanStep } from '../plan/step.ts'
import { defaultSettings } from '../settings.ts'
import { dnsRedirectsFor, identityOfProgram } from './program-identity.ts'

const settings = defaultSettings()

function list(value: number, uid?: number, uids: readonly number[] = []): ApplicationList {
  return {
    slot: value,
    ...(uid === undefined ? {} : { uid }),
    members: [{ bundle: 'com.example.one', aliases: ['firefox'], value, uids }],
    lockDevice: false,
  }
}

test('the last list that marks an application has the last word, by its name or an alias', () => {
  const lists = [list(1), list(3, 1000), list(0, undefined, [900])]
  expect(identityOfProgram(lists, settings, { uid: 1000, id: 'com.example.one' })).toEqual({
    mark: 0x0600_0000,
    uids: [900],
  })
  expect(identityOfProgram(lists, settings, { uid: 1001, id: 'firefox' }).mark).toBe(0x0200_0000)
  expect(identityOfProgram(lists, settings, { uid: 1000, id: 'com.example.two' })).toEqual({
    mark: 0,
    uids: [],
  })
})

test('DNS redirections concern the user and the marks they are made for', () => {
  const apply: DnsRewriteData = {
    root: '/sys/fs/cgroup',
    instance: 'default',
    slot: 0,
    networkNamespace: '1',
    uid: 1000,
    marks: [
      { mask: 0x0100_0000, values: [0x0100_0000], match: 'none' },
      { mask: 0x3e00_0000, values: [0x0200_0000], match: 'any' },
    ],
    role: 'dns',
    redirects: [{ from: '10.77.1.1', to: '10.8.0.1' }],
  }
  const steps: PlanStep[] = [{ id: 'dns rewriting', kind: 'dns-rewrite', describe: '', apply }]
  expect(dnsRedirectsFor(steps, { uid: 1000, mark: 0x0200_0000 })).toEqual(apply.redirects)
  expect(dnsRedirectsFor(steps, { uid: 1001, mark: 0x0200_0000 })).toEqual([])
  expect(dnsRedirectsFor(steps, { uid: 1000, mark: 0x0300_0000 })).toEqual([])
  expect(dnsRedirectsFor(steps, { uid: 1000, mark: 0 })).toEqual([])
})
