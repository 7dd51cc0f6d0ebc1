import { openSync } from 'node:fs'

import { execve } from '@vpnext/native'

import { outcome } from './report.ts'

const kept = openSync('/dev/zero', 'r')
openSync('/dev/full', 'r')
const missing = outcome(() => execve('/no/such/program', ['x'], {}))
const nul = outcome(() => execve('/bin/true', ['x\0y'], {}))
const script = `
  const { readdirSync, readlinkSync, writeSync } = require('fs')
  const links = readdirSync('/proc/self/fd').flatMap((fd) => {
    try { return [readlinkSync('/proc/self/fd/' + fd)] } catch { return [] }
  })
  writeSync(1, JSON.stringify({
    env: process.env,
    title: process.argv0,
    kept: links.includes('/dev/zero'),
    stray: links.includes('/dev/full'),
  }))`
execve(
  process.execPath,
  ['renamed', '-e', script],
  { GIVEN: 'ä=b', ATTEMPTS: `${missing} ${nul}` },
  { keep: [kept] },
)
