import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StepFailed, say, step } from './progress.mjs'

/**
 * What vpnext needs of the operating system, by Debian's package names.
 * `present` looks for the file itself, so that other distributions pass without dpkg.
 */
const known = {
  libnftables1: { why: 'the packet filter, in process', present: () => hasLibrary('libnftables.so.1') },
  iproute2: { why: '`ip`, the tests’ independent witness', present: () => hasCommand('ip') },
  nftables: { why: '`nft`, the tests’ independent witness', present: () => hasCommand('nft') },
  python3: {
    why: 'a program that is not ours, for the tests',
    present: hasPythonLibrary,
  },
  cmake: { why: 'native modules of extensions', present: () => hasCommand('cmake') },
  'g++': { why: 'native modules of extensions', present: () => hasCommand('g++') },
  make: {
    why: 'native modules of extensions',
    present: () => hasCommand('make') || hasCommand('ninja'),
  },
  'dbus-daemon': { why: 'systemd-resolved’s bus, for the tests', present: () => hasCommand('dbus-daemon') },
  'libsystemd-shared': { why: 'systemd-resolved, which the tests run by hand', present: hasSystemdShared },
  systemd: {
    why: 'what judges and runs our unit in the tests; it does not become init',
    present: () => hasCommand('systemd-analyze'),
  },
  tshark: { why: 'Wireshark’s eyes on the captures we write', present: () => hasCommand('tshark') },
  'wireguard-tools': { why: '`wg-quick`, printed beside our figures', present: () => hasCommand('wg-quick') },
  iperf3: { why: 'the load of the packet figures', present: () => hasCommand('iperf3') },
  'iputils-ping': { why: 'the round trips of the packet figures', present: () => hasCommand('ping') },
  ethtool: { why: 'switches offloads of the packet figures’ link', present: () => hasCommand('ethtool') },
  openvpn: { why: 'what the packet figures compare with', present: () => hasCommand('openvpn') },
  openssl: { why: 'openvpn’s certificates for the packet figures', present: () => hasCommand('openssl') },
  'wireguard-go': { why: 'WireGuard where the kernel has none', present: () => hasCommand('wireguard-go') },
}

/** Packages for each job; a later list holds the earlier ones. */
export const packagesFor = {
  start: ['libnftables1'],
  test: [
    'libnftables1',
    'iproute2',
    'nftables',
    'python3',
    'dbus-daemon',
    'libsystemd-shared',
    'systemd',
    'cmake',
    'g++',
    'make',
    'tshark',
  ],
  bench: ['libnftables1', 'iproute2', 'nftables', 'cmake', 'g++', 'make'],
  'bench-packets': [
    'libnftables1',
    'cmake',
    'g++',
    'make',
    'iperf3',
    'iputils-ping',
    'ethtool',
    'openvpn',
    'openssl',
  ],
  /** What the figures are printed beside; they can do without. */
  'bench-beside': ['wireguard-tools', 'wireguard-go'],
}

function hasCommand(name) {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  return folders.some((folder) => existsSync(join(folder, name)))
}

function hasLibrary(name) {
  const roots = ['/usr/lib', '/lib', '/usr/lib64', '/lib64', '/usr/local/lib']
  return roots.some(
    (root) =>
      existsSync(join(root, name)) ||
      (existsSync(root) &&
        readdirSync(root, { withFileTypes: true }).some(
          (entry) => entry.name.endsWith('-linux-gnu') && existsSync(join(root, entry.name, name)),
        )),
  )
}

/** /usr/bin/python3 with its standard library, which python3-minimal lacks. */
function hasPythonLibrary() {
  if (!existsSync('/usr/bin/python3')) return false
  const folders = readdirSync('/usr/lib').filter((name) => /^python3\.\d+$/.test(name))
  return folders.some((name) => existsSync(join('/usr/lib', name, 'json')))
}

function hasSystemdShared() {
  const folders = [
    '/usr/lib/systemd',
    ...['x86_64', 'aarch64'].map((arch) => `/usr/lib/${arch}-linux-gnu/systemd`),
  ]
  return folders.some(
    (folder) =>
      existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('libsystemd-shared-')),
  )
}

function usesApt() {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/**
 * Installs what is missing when it may (root on Debian or Ubuntu), and otherwise says the exact command.
 *
 * @param {keyof typeof packagesFor} job
 * @throws {StepFailed} when something is missing and could not be installed
 */
export async function ensureSystemPackages(job) {
  const missing = packagesFor[job].filter((name) => !known[name].present())
  if (missing.length === 0) return
  for (const name of missing) say(`  missing: ${name} (${known[name].why})`)
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (!usesApt()) throw new StepFailed(`please install what your system calls: ${missing.join(', ')}`)
  if (process.getuid?.() !== 0) throw new StepFailed(`please run:  sudo ${install}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await step('refreshing the package lists (apt-get update)', 'apt-get', ['update'], { env })
  await step(`installing system packages: ${missing.join(', ')}`, 'apt-get', install.split(' ').slice(1), {
    env,
  })
}
