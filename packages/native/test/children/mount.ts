// As root: builds a small root of its own, in a mount namespace of its own, and moves into it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { bindMount, makeMountsPrivate, mount, pivotRoot, unmount, unshare } from '@vpnext/native'

import { outcome, report } from './report.ts'

const [, , folder = ''] = process.argv
unshare({ mount: true })
makeMountsPrivate()
const source = join(folder, 'source')
const root = join(folder, 'root')
mkdirSync(source)
mkdirSync(root)
writeFileSync(join(source, 'file'), 'bound')
mkdirSync(join(source, 'below'))
mount('tmpfs', join(source, 'below'), 'tmpfs')
mount('tmpfs', root, 'tmpfs', ['noSetuid', 'noDevices'], 'size=1m,mode=755')
mkdirSync(join(root, 'read-only'))
mkdirSync(join(root, 'writable'))
mkdirSync(join(root, 'gone'))
bindMount(source, join(root, 'read-only'), {
  readOnly: true,
  noSetuid: true,
  noDevices: true,
  noExecute: true,
})
bindMount(source, join(root, 'writable'))
mount('tmpfs', join(root, 'gone'), 'tmpfs')
writeFileSync(join(root, 'gone/hidden'), 'x')
const mounts = readFileSync('/proc/thread-self/mounts', 'utf8')
const busy = outcome(() => unmount(root))
unmount(join(root, 'gone'))
const missing = outcome(() => bindMount(source, join(root, 'missing')))
const notAMount = outcome(() => pivotRoot(join(root, 'gone')))
process.chdir('/')
pivotRoot(root)
report({
  busy,
  missing,
  notAMount,
  options: mounts
    .split('\n')
    .find((line) => line.includes('/root/read-only '))
    ?.split(' ')[3]
    ?.split(',')
    .slice(0, 4),
  top: readdirSync('/').toSorted(),
  cwd: process.cwd(),
  gone: readdirSync('/gone'),
  read: readFileSync('/read-only/file', 'utf8'),
  readOnly: outcome(() => writeFileSync('/read-only/file', 'x')),
  readOnlyBelow: outcome(() => writeFileSync('/read-only/below/file', 'x')),
  writable: outcome(() => writeFileSync('/writable/new', 'x')),
  oldRoot: existsSync(folder) || existsSync('/etc'),
})
