import { execFileSync } from 'node:child_process'

import { startHost } from './host-harness.ts'

/**
 * Run by scripts/measure-start.mjs with the number of rounds and the image. Bare node and the host take turns, so that
 * what else the machine does hits both.
 */
const [rounds = '15', image = ''] = process.argv.slice(2)
const script =
  "exports.default = class extends require('@kit.NetworkKit').VpnExtensionAbility { onCreate() {} }"

const bare: number[] = []
const attached: number[] = []
const created: number[] = []
for (let round = 0; round < Number(rounds); round++) {
  const before = performance.now()
  execFileSync(process.execPath, ['-e', '0'])
  const start = performance.now()
  bare.push(start - before)
  await using host = startHost({ image, script })
  await host.attached
  attached.push(performance.now() - start)
  await host.create()
  created.push(performance.now() - start)
}
console.log(`bare node ${median(bare)}  attached ${median(attached)}  created ${median(created)}`)

function median(values: number[]): string {
  return (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(1)
}
