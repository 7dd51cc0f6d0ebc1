/**
 * Measures what a host's start costs: bare node, until Attach, until Create is answered; medians in ms.
 * Run: node packages/host/scripts/measure-start.mjs
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'

import { buildTestImage, startHost } from './host-harness.ts'

const rounds = Number(process.argv[2] ?? 15)
const script =
  "exports.default = class extends require('@kit.NetworkKit').VpnExtensionAbility { onCreate() {} }"

function median(values: number[]): string {
  return (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(1)
}

const image = process.argv[3] ?? buildTestImage()
const bare: number[] = []
const attached: number[] = []
const created: number[] = []
for (let round = 0; round < rounds; round++) {
  const before = performance.now()
  execFileSync(process.execPath, ['-e', '0'])
  bare.push(performance.now() - before)
  const start = performance.now()
  await using host = startHost({ image, script })
  await host.attached
  attached.push(performance.now() - start)
  await host.create()
  created.push(performance.now() - start)
}
if (process.argv[3] === undefined) rmSync(dirname(image), { recursive: true })
console.log(`bare node ${median(bare)}  attached ${median(attached)}  created ${median(created)}`)
