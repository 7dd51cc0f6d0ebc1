import type { NativeModule, NativeParts } from '@vpnext/arkts'
import { visible } from '../text/visible.ts'

/** What there is of each native module, for people and programs. */
export type NativeReport = readonly (NativeModule & { readonly imported: boolean })[]

/** @param imported names of the native modules that the extensions import */
export function reportNatives({ modules }: NativeParts, imported: readonly string[]): NativeReport {
  return modules.map((module) => ({ ...module, imported: imported.includes(module.name) }))
}

/** Modules that an extension imports and that this machine has not. */
export function missingNatives(report: NativeReport): NativeReport {
  return report.filter(({ kind, imported }) => kind === 'missing' && imported)
}

/** One line: the name, and where it comes from or why it is missing. */
export function nativeLine(module: NativeReport[number]): string {
  return visible(`${module.name}: ${originOf(module)}`)
}

function originOf(module: NativeModule): string {
  switch (module.kind) {
    case 'built': {
      const how = module.cached ? 'built before' : 'built now'
      return `${how} from the native code of ${module.moduleName}${module.prelude ? preludeNote : ''}`
    }
    case 'prebuilt':
      return `as it is in ${module.path}`
    case 'stand-in':
      return `${module.path} stands in for it`
    case 'missing':
      return module.reason
    default:
      return module satisfies never
  }
}

export const preludeNote = ', with headers that it does not include itself but the device’s C++ library does'
