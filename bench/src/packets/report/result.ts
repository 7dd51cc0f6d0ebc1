import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { gunzipSync } from 'node:zlib'
import type { Machine } from '../../machine.ts'
import { tunnelMtu } from '../contender.ts'
import type { Ground } from '../ground.ts'
import type { PacketRow } from '../packet-row.ts'
import type { Settings } from '../settings.ts'

/** Under what a run was made. */
export interface Run {
  readonly mode: Settings['mode']
  /** When it began, ISO 8601. */
  readonly date: string
  /** Of the contenders and the load generators, as they say it themselves. */
  readonly versions: Readonly<Record<string, string>>
  /** The underlay's, where a row does not say otherwise: `on`, `off`, `on [fixed]`. */
  readonly offloads: Readonly<Record<string, string>>
  /** What every table and chart must say. */
  readonly notes: readonly string[]
}

/** What `npm run bench:packets -- --json` prints. */
export interface Result {
  readonly machine: Machine
  readonly run: Run
  readonly rows: readonly PacketRow[]
}

/** @param wireguardGo its path */
export function describeRun({ link, settings }: Ground, wireguardGo: string): Run {
  const offloads = link.offloads()
  const [load = 0] = loadavg()
  const underlay = Object.entries(offloads).map(([name, state]) => `${name} ${state}`)
  return {
    mode: settings.mode,
    date: new Date().toISOString(),
    versions: {
      'wireguard-go': packageVersion(wireguardGo),
      openvpn: firstWords(firstLine('openvpn', ['--version'])),
      iperf3: firstWords(firstLine('iperf3', ['--version'])),
    },
    offloads,
    notes: [
      'Both ends of every tunnel and the load generators share these cores.',
      `Two network namespaces joined by veth; underlay: ${underlay.join(', ')}; MTU inside ${tunnelMtu} for all.`,
      `TUN and UDP offloads: on where the contender has them (vpnext, wireguard-go, "offload").`,
      `Load average of the machine when it began: ${load.toFixed(1)}; everything measured, load included, has a raised priority.`,
      `Figures: median (lowest … highest) of interleaved rounds; ratios are taken within a round.`,
    ],
  }
}

function firstLine(command: string, args: readonly string[]): string {
  try {
    return (
      execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .split('\n')[0]
        ?.trim() ?? ''
    )
  } catch {
    return 'not installed'
  }
}

/** `OpenVPN 2.6.14 x86_64 …` → `OpenVPN 2.6.14` */
function firstWords(line: string): string {
  return line.split(' ').slice(0, 2).join(' ')
}

/** Its `--version` is not kept up to date upstream; Debian's package says it in the name of a folder beside it. */
function packageVersion(program: string): string {
  try {
    const packed = readFileSync(
      program.replace('/bin/wireguard-go', '/share/doc/wireguard-go/changelog.Debian.gz'),
    )
    const version = /^wireguard-go \((.*?)\)/.exec(gunzipSync(packed).toString('utf8'))?.[1]
    return version === undefined ? firstLine(program, ['--version']) : `wireguard-go ${version}`
  } catch {
    return firstLine(program, ['--version'])
  }
}
