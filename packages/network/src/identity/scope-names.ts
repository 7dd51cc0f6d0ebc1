/** What the name of a control group says about the program in it. */
export interface ScopeName {
  /** Who named it: a desktop (XDG), Flatpak, Snap or the D-Bus daemon. */
  readonly kind: 'desktop' | 'flatpak' | 'snap' | 'dbus'
  /** Desktop file id, Flatpak id, snap name or bus name, unescaped. */
  readonly id: string
}

/** systemd unit names have at most 255 characters (unit-name.h); a control group cannot have a longer name either. */
const MAX_LENGTH = 255

/**
 * Reads the name of one control group, as desktops give it to the programs they start.
 *
 * - `app[-<launcher>]-<id>-<random>.scope` and `.slice`, `app[-<launcher>]-<id>[@<random>].service`
 *   (systemd.io/DESKTOP_ENVIRONMENTS), Flatpak's with the launcher `flatpak`
 * - `snap.<snap>.<app>-<uuid>.scope`, formerly with a dot before the uuid, and `snap.<snap>.<app>.service`
 * - `dbus-:<bus>-<id>@<random>.service`
 *
 * @returns undefined for every other name
 */
export function parseScopeName(name: string): ScopeName | undefined {
  if (name.length > MAX_LENGTH) return undefined
  const [, stem, suffix] = /^(.+)\.(scope|service|slice)$/s.exec(name) ?? []
  if (stem === undefined || suffix === undefined) return undefined
  if (stem.startsWith('app-')) return desktopName(stem.slice('app-'.length), suffix)
  if (stem.startsWith('snap.')) return snapName(stem.slice('snap.'.length))
  const bus = /^dbus-:[\d.]+-([^@]+)@[^@]*$/s.exec(stem)?.[1]
  return suffix === 'service' && bus !== undefined ? named('dbus', bus) : undefined
}

/** Without the launcher a name has one part less. Some launchers forget to escape `-`, so the id may have several. */
function desktopName(stem: string, suffix: string): ScopeName | undefined {
  const parts = (suffix === 'service' ? stem.replace(/@[^@]*$/s, '') : stem).split('-')
  if (suffix !== 'service') parts.pop()
  const launcher = parts.length > 1 ? parts.shift() : undefined
  return named(launcher === 'flatpak' ? 'flatpak' : 'desktop', parts.join('-'))
}

function snapName(stem: string): ScopeName | undefined {
  const [snap = '', app = ''] = stem.split('.')
  return app === '' ? undefined : named('snap', snap)
}

function named(kind: ScopeName['kind'], escaped: string): ScopeName | undefined {
  const id = unescape(escaped)
  // A name that says nothing, or that could be taken for a path.
  return /^[^/\0]+$/.test(id) && !/^\.+$/.test(id) ? { kind, id } : undefined
}

/** systemd-escape(1): `\x2d` is one byte of UTF-8. A sequence that is no UTF-8 stays as it is. */
function unescape(escaped: string): string {
  return escaped.replaceAll(/(?:\\x[0-9a-f]{2})+/g, (sequence) => {
    const bytes = Buffer.from(sequence.replaceAll('\\x', ''), 'hex')
    const text = bytes.toString('utf8')
    return Buffer.from(text).equals(bytes) ? text : sequence
  })
}
