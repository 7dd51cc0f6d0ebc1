import { dirname } from 'node:path'
import type { UnitPlace } from './place.ts'
import { unitPath, unitWord } from './unit-words.ts'

/** The program that a unit starts: absolute paths without links. */
export interface UnitProgram {
  readonly node: string
  /** The compiled command, dist/main.js. */
  readonly script: string
}

/** What the service and the first stage of its hosts use; capabilities(7). */
const capabilities = [
  ['CAP_NET_ADMIN', 'TUN, routes, rules, packet filter, sysctls, closing sockets'],
  ['CAP_SYS_ADMIN', 'the private file tree of a host; BPF programs'],
  ['CAP_SETUID CAP_SETGID CAP_SETPCAP', 'a host becomes a uid of its own and drops everything'],
  ['CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER', 'the data folder of a host belongs to that uid'],
  ['CAP_KILL', 'the end of a host is SIGKILL'],
] as const

/** Folders that ProtectHome= hides. systemd.exec(5) */
const homes = ['/home', '/root', '/run/user']

/** When a unit starts: beside the programs that set the network up, or before any of them, which then wait for it. */
export type StartOrder = 'with-network' | 'before-network'

/** systemd.special(7): whoever sets interfaces up starts after network-pre.target. */
const ordering = {
  'with-network': `Wants=network-pre.target
After=network-pre.target
Before=network.target`,
  'before-network': `Wants=network-pre.target
Before=network-pre.target network.target`,
} as const

/** The text of the unit, as systemd.service(5), systemd.exec(5) and systemd.resource-control(5) read it. */
export function serviceUnit(place: UnitPlace, { node, script }: UnitProgram, order: StartOrder): string {
  const { instance, name, runDir, stateDir, resolvConf } = place
  const where = [
    '--instance',
    instance,
    '--run-dir',
    runDir,
    '--state-dir',
    stateDir,
    '--resolv-conf',
    resolvConf,
  ]
  const command = (...verb: string[]): string =>
    [unitPath(node), ...[script, ...verb, ...where].map(unitWord)].join(' ')
  const isInHome = [node, script].some((path) => homes.some((home) => path.startsWith(`${home}/`)))
  return `# Written by \`vpnext service install\`; \`vpnext service uninstall\` takes it away.
[Unit]
Description=vpnext, HarmonyOS VPN extensions (instance ${instance})
# What the policy closes while there is no VPN is closed before programs that need a network start.
${ordering[order]}
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=main
ExecStart=${command('service', 'run')}
# What a service that was killed leaves is closed, not open; this opens it again, but for what is always-on.
ExecStopPost=${command('doctor', '--repair', '--keep-always-on')}
Restart=on-failure
RestartSec=1
TimeoutStartSec=60
# Extensions get 10 s for onDestroy.
TimeoutStopSec=60
KillMode=mixed

RuntimeDirectory=${name}
RuntimeDirectoryMode=0755
StateDirectory=${name}
StateDirectoryMode=0700

# Its tunnels close with it. Hosts are not spared: each takes the value of an ordinary process.
OOMScoreAdjust=-500
OOMPolicy=continue
# It makes control groups for hosts and their programs.
Delegate=yes

${capabilities.map(([names, reason]) => `# ${reason}\nCapabilityBoundingSet=${names}`).join('\n')}
AmbientCapabilities=
NoNewPrivileges=yes

ProtectSystem=strict
# ${resolvConf} is replaced, not rewritten, so that no reader finds half of it.
ReadWritePaths=${unitPath(dirname(resolvConf))}
ProtectHome=${isInHome ? 'read-only' : 'yes'}
PrivateTmp=yes
PrivateMounts=yes
DevicePolicy=closed
DeviceAllow=/dev/net/tun rw
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
# Not ProtectKernelTunables= and ProtectControlGroups=: a tunnel sets /proc/sys/net, a host gets a control group. Not
# MemoryDenyWriteExecute=: node compiles as it runs.

# The service itself sends nothing: hosts, which do, are in control groups of their own.
IPAddressDeny=any
RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
RestrictNamespaces=mnt ipc uts
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service bpf seccomp
SystemCallFilter=mount umount2 mount_setattr pivot_root
SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self
SystemCallFilter=~@resources

[Install]
WantedBy=multi-user.target
`
}
