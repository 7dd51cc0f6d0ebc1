import { policyFolder, userGroup } from './place.ts'

/** sysusers.d(5): the group whose members may own a VPN. While it has none, only administrators may. */
export function sysusersText(): string {
  return `# Written by \`vpnext service install\`. Members may own a VPN: usermod -aG ${userGroup} <user>
g ${userGroup} -
`
}

/** tmpfiles.d(5): the folder of the administrator's decisions, which nobody else may write to. */
export function tmpfilesText(): string {
  return `# Written by \`vpnext service install\`.
d /etc/vpnext 0755 root root -
d ${policyFolder} 0755 root root -
`
}
