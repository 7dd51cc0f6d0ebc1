import { UsageError } from '../command-line.ts'
import { fullSettings, quickSettings, type Settings } from './settings.ts'

/** What `npm run bench:packets --` takes. */
export interface PacketCommandLine {
  readonly json: boolean
  readonly settings: Settings
  /** Ids of measurements, in the order of the table; all when none is named. */
  readonly wanted: readonly string[]
}

/** @throws UsageError naming what is not known */
export function readPacketCommandLine(args: readonly string[], known: readonly string[]): PacketCommandLine {
  const options = new Set(args.filter((word) => word.startsWith('--')))
  const named = new Set(args.filter((word) => !word.startsWith('--')))
  for (const option of options) {
    if (option !== '--json' && option !== '--quick')
      throw new UsageError(`no such option: ${option} (there are --json, --quick)`)
  }
  for (const id of named) {
    if (!known.includes(id)) throw new UsageError(`no such row: ${id} (there are ${known.join(', ')})`)
  }
  return {
    json: options.has('--json'),
    settings: options.has('--quick') ? quickSettings : fullSettings,
    wanted: known.filter((id) => named.size === 0 || named.has(id)),
  }
}
