import { abilityInterface } from '@vpnext/service/protocol'
import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

import type { TestHost } from './host-harness.ts'

/**
 * Text of a function that runs one attempt: JavaScript that may use `node` (require of node's modules), `call`
 * (a C function through koffi; `call.library` is koffi's own) and `pooled` (the same in a native thread), and returns a value. Gives `done <value>` or the
 * name of the error; a native thread tells only that it FAILED.
 */
const runner = `
async (code, node, koffi) => {
  const libc = koffi.load(null)
  const names = Object.fromEntries(Object.entries(node('node:os').constants.errno).map(([name, n]) => [n, name]))
  names[11] = 'EAGAIN'
  const call = (prototype, ...args) => {
    const result = Number(libc.func(prototype)(...args))
    if (result !== -1) return result
    throw Object.assign(new Error(prototype), { code: names[koffi.errno()] ?? 'E' + koffi.errno() })
  }
  call.library = libc
  const pooled = (prototype, ...args) => new Promise((resolve, reject) => {
    libc.func(prototype).async(...args, (error, result) => {
      if (error || Number(result) === -1) reject(Object.assign(new Error(prototype), { code: 'FAILED' }))
      else resolve(Number(result))
    })
  })
  try {
    const attempt = new (async () => {}).constructor('node', 'call', 'Buffer', 'pooled', code)
    return 'done ' + JSON.stringify(await attempt(node, call, Buffer, pooled))
  } catch (error) {
    return error.code ?? String(error)
  }
}`

/** An extension that runs the attempts it is sent as \`want.parameters.code\`, and logs each outcome. */
export const attemptExtension: string = `
const { VpnExtensionAbility, vpnExtension } = require('@kit.NetworkKit')
const { hilog } = require('@kit.PerformanceAnalysisKit')
// The loader refuses node's modules to files of the bundle; this is how hostile code gets around it.
const node = module.constructor.createRequire('/elsewhere.js')
const native = { exports: {} }
process.dlopen(native, '/vpnext/koffi/' + process.platform + '-' + process.arch + '/glibc.node')
const run = ${runner}
exports.default = class extends VpnExtensionAbility {
  onCreate() { globalThis.createVpn = () => vpnExtension.createVpnConnection(this.context).create({ addresses: [] }) }
  async onRequest({ parameters }) {
    if (parameters?.code === undefined) return
    const outcome = await run(parameters.code, node, native.exports)
    hilog.info(0, 'attempt', '%{public}s', parameters.number + ' ' + outcome)
  }
}`

let attempts = 0

/** Runs an attempt inside the sandbox of a host that was created with {@link attemptExtension}. */
export async function attemptInside(host: TestHost, code: string): Promise<string> {
  attempts++
  const number = attempts
  await host.peer.call(abilityInterface, 'Request', {
    want: { parameters: { code, number } },
    startId: number,
  })
  const start = `attempt: ${number} `
  const line = await host.logged(start)
  return line.slice(line.indexOf(start) + start.length)
}

const outsideProgram = `
  const { createRequire } = require('node:module')
  const node = createRequire(${JSON.stringify(import.meta.url)})
  const run = ${runner}
  run(process.argv[1], node, node('koffi')).then((outcome) => {
    require('node:fs').writeSync(1, outcome)
    process.kill(process.pid, 'SIGKILL')
  })`

/** Runs the same attempt in a process of its own that is not in a sandbox, as root. */
export function attemptOutside(code: string): string {
  try {
    return execFileSync(process.execPath, ['-e', outsideProgram, code], { encoding: 'utf8' })
  } catch (error) {
    return outputOf(error)
  }
}

/** The same for an attempt that needs this process to answer it. */
export async function attemptOutsideLater(code: string): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, ['-e', outsideProgram, code])).stdout
  } catch (error) {
    return outputOf(error)
  }
}

/** The program ends itself by SIGKILL, because an attempt may have left it traced or otherwise odd. */
function outputOf(error: unknown): string {
  if (error instanceof Error && 'stdout' in error && error.stdout !== '') return String(error.stdout)
  throw error
}
