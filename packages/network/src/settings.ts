/** Where a service of one instance keeps its things in the kernel. All numbers are settings, so that instances can run side by side. */
export interface NetworkSettings {
  /** Who made it: 1 to 20 of `a-z 0-9 -`, the first a letter or digit. */
  readonly instance: string
  /** The routing table of slot n is `tableBase + n`. */
  readonly tableBase: number
  /** Preferences of our routing rules, both ends included; each slot has {@link prioritiesPerSlot} of them. */
  readonly rulePriorities: { readonly first: number; readonly last: number }
  /** RTPROT_* on every route and rule we make, 5..255; 118 is assigned to nobody. */
  readonly routeProtocol: number
  /** The bit of SO_MARK that keeps a socket out of every tunnel. */
  readonly protectMark: number
  /** The bits of SO_MARK that name an application list. */
  readonly identityMask: number
  /** The system resolver's configuration file, absolute. */
  readonly resolvConf: string
  /** systemd-resolved's client, absolute; another resolver is used where there is none. */
  readonly resolvectl: string
  /** The table of family `inet` that holds the guard. */
  readonly nftTable: string
}

/** Rule preferences that one slot may use. */
export const prioritiesPerSlot = 4

/**
 * The settings of an instance.
 *
 * @param overrides what differs from the defaults; the nft table follows the instance unless it is given too
 * @throws RangeError naming the field that is out of its range
 */
export function defaultSettings(overrides: Partial<NetworkSettings> = {}): NetworkSettings {
  const instance = overrides.instance ?? 'default'
  const settings: NetworkSettings = {
    instance,
    tableBase: 52_000,
    rulePriorities: { first: 9_000, last: 10_999 },
    routeProtocol: 118,
    protectMark: 0x0100_0000,
    identityMask: 0x3e00_0000,
    resolvConf: '/etc/resolv.conf',
    resolvectl: '/usr/bin/resolvectl',
    nftTable: instance === 'default' ? 'vpnext' : `vpnext-${instance}`,
    ...overrides,
  }
  checkSettings(settings)
  return settings
}

/** How many tunnels the settings have numbers for; slots are 0 to this, exclusive. */
export function slotCount(settings: NetworkSettings): number {
  const { first, last } = settings.rulePriorities
  return Math.floor((last - first + 1) / prioritiesPerSlot)
}

/** The routing table of a slot. */
export function tableOf(settings: NetworkSettings, slot: number): number {
  return settings.tableBase + slot
}

/** The first rule preference of a slot. */
export function priorityOf(settings: NetworkSettings, slot: number): number {
  return settings.rulePriorities.first + slot * prioritiesPerSlot
}

function checkSettings(settings: NetworkSettings): void {
  need(/^[a-z0-9][a-z0-9-]{0,19}$/.test(settings.instance), 'instance', '1 to 20 of a-z, 0-9 and -')
  // nft: an identifier starts with a letter.
  need(/^[a-z][a-z0-9-]{0,31}$/.test(settings.nftTable), 'nftTable', '1 to 32 of a-z, 0-9 and -')
  const { first, last } = settings.rulePriorities
  // 0, 32766 and 32767 are the kernel's own rules.
  need(isWhole(first, 1, 32_765) && isWhole(last, first, 32_765), 'rulePriorities', 'within 1..32765')
  need(slotCount(settings) > 0, 'rulePriorities', `at least ${prioritiesPerSlot} preferences`)
  // 253..255 are default, main and local; smaller ones are everybody's.
  need(isWhole(settings.tableBase, 256, 0xffff_0000), 'tableBase', 'from 256')
  need(isWhole(settings.routeProtocol, 5, 255), 'routeProtocol', '5..255')
  need(isWhole(settings.protectMark, 1, 0xffff_ffff), 'protectMark', 'a bit of 32')
  need((settings.protectMark & (settings.protectMark - 1)) === 0, 'protectMark', 'a single bit')
  need((settings.protectMark & settings.identityMask) === 0, 'identityMask', 'apart from protectMark')
  need(isWhole(settings.identityMask, 1, 0xffff_ffff), 'identityMask', 'at least a bit of 32')
  need(isContiguous(settings.identityMask), 'identityMask', 'bits side by side')
  need(/^\/[^\0]+$/.test(settings.resolvConf), 'resolvConf', 'an absolute path')
  need(/^\/[^\0]+$/.test(settings.resolvectl), 'resolvectl', 'an absolute path')
}

function need(holds: boolean, field: string, rule: string): void {
  if (!holds) throw new RangeError(`settings.${field}: must be ${rule}`)
}

function isContiguous(mask: number): boolean {
  return /^0*1+0*$/.test(mask.toString(2))
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
