import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const fiftyFilesBundle = 'io.vpnext.bench.fifty'
/** The file that imports all others, relative to the project. */
export const fiftyFilesEntry = 'entry/src/main/ets/FiftyAbility.ets'

const parts = 49
const methods = 20

/** Writes a project of 50 ArkTS files with classes, enums and imports of each other, about 80 KB. */
export function writeFiftyFiles(folder: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const numbers = Array.from({ length: parts }, (_none, index) => index)
  write(
    'AppScope/app.json5',
    `{ app: { bundleName: '${fiftyFilesBundle}', versionCode: 1, versionName: '1', label: 'Fifty files' } }`,
  )
  write(
    'entry/src/main/module.json5',
    `{ module: { name: 'entry', type: 'entry', extensionAbilities: [
      { name: 'FiftyAbility', type: 'vpn', srcEntry: './ets/FiftyAbility.ets' }] } }`,
  )
  for (const index of numbers) write(`entry/src/main/ets/part/Part${index}.ets`, partText(index))
  const imports = numbers.map((index) => `import { Part${index} } from './part/Part${index}'`)
  const calls = numbers.map((index) => `    new Part${index}().method0(1)`)
  write(
    fiftyFilesEntry,
    `import { VpnExtensionAbility } from '@kit.NetworkKit'
${imports.join('\n')}
export default class FiftyAbility extends VpnExtensionAbility {
  onCreate(): void {
${calls.join('\n')}
  }
}
`,
  )
}

function partText(index: number): string {
  const before = index - 1
  const body = Array.from(
    { length: methods },
    (_none, method) => `  method${method}(value: number): number {
    hilog.info(0, 'Part${index}', 'value %{public}d', value)
    return value * ${method} + this.base
  }`,
  )
  return `import { hilog } from '@kit.PerformanceAnalysisKit'
${before < 0 ? '' : `import { Part${before} } from './Part${before}'\n`}
export enum Kind${index} { One, Two }

export class Part${index} {
  base: number = Kind${index}.Two
${before < 0 ? '' : `  before?: Part${before} = undefined\n`}${body.join('\n')}
}
`
}
