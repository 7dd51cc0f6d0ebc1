import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressLine, routeLine, ruleLine } from './ip-batch.ts'
import type { RecordedState } from './recorded-state.ts'

/** The commands that a good script would use for the same kernel state: a line each for `sh`. */
export interface KernelScript {
  readonly up: string
  readonly down: string
}

/**
 * Writes the script that makes a recorded state, and the one that removes it. As few processes as it can be done with in our
 * own order, which leaves no moment in which traffic gets out or is refused: device, addresses and table, then guard, then
 * resolver, and the rules last.
 *
 * @param folder is made; the script's files lie there
 * @param resolvConf the file to write, as it is before
 */
export function writeKernelScript(folder: string, state: RecordedState, resolvConf: string): KernelScript {
  mkdirSync(folder)
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text.endsWith('\n') ? text : `${text}\n`)
    return path
  }
  const { link, rules, nftTable, sysctls } = state
  const device = link.name
  const ofSystem = sysctls.filter(({ before }) => before !== undefined)
  const ofDevice = sysctls.filter(({ before }) => before === undefined)
  const [rules4, rules6] = [4, 6].map((family) => rules.filter((rule) => rule.family === family))
  const guard = file('guard.nft', state.guard)
  const make = file('make.batch', makeLines(state).join('\n'))
  const make4 = file('make4.batch', lines(rules4, 'add').join('\n'))
  const make6 = file('make6.batch', lines(rules6, 'add').join('\n'))
  const flush = [...new Set(state.routes.map(({ table }) => table))].map(
    (table) => `route flush table ${table}`,
  )
  const remove = file(
    'remove.batch',
    [...lines(rules4, 'del'), `link del dev ${device}`, ...flush].join('\n'),
  )
  const remove6 = file('remove6.batch', [...lines(rules6, 'del'), ...flush].join('\n'))
  const former = file('resolv.before', readFileSync(resolvConf, 'utf8'))
  const up = file(
    'up.sh',
    [
      'set -e',
      `ip -batch ${make}`,
      ...[...ofDevice, ...ofSystem].map(({ name, after }) => `echo ${after} > /proc/sys/${name}`),
      `nft -f ${guard}`,
      `printf %s ${quote(state.resolvConf)} > ${resolvConf}`,
      ...(rules4?.length === 0 ? [] : [`ip -batch ${make4}`]),
      ...(rules6?.length === 0 ? [] : [`ip -6 -batch ${make6}`]),
    ].join('\n'),
  )
  const down = file(
    'down.sh',
    [
      'set -e',
      `ip -batch ${remove}`,
      `ip -6 -batch ${remove6}`,
      `printf %s ${quote(readFileSync(former, 'utf8'))} > ${resolvConf}`,
      ...ofSystem.map(({ name, before }) => `echo ${before ?? ''} > /proc/sys/${name}`),
      `nft delete table inet ${nftTable}`,
    ].join('\n'),
  )
  return { up: `sh ${up}`, down: `sh ${down}` }
}

function makeLines({ link, addresses, routes }: RecordedState): string[] {
  const device = link.name
  return [
    `tuntap add dev ${device} mode tun`,
    `link set dev ${device} mtu ${link.mtu} addrgenmode ${link.addressGeneration ?? 'eui64'}`,
    ...addresses.map((address) => addressLine(address, device)),
    `link set dev ${device} up`,
    ...routes.map((route) => routeLine(route, device)),
  ]
}

function lines(rules: RecordedState['rules'] | undefined, verb: 'add' | 'del'): string[] {
  return (rules ?? []).map((rule) => ruleLine(rule, verb))
}

/** For sh. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
