import { join } from 'node:path'

/** Where a service that systemd starts has its things; paths are those of the running machine. */
export interface UnitPlace {
  readonly instance: string
  /** `vpnext` or `vpnext-<instance>`: of the unit, and of its folders below /run and /var/lib. */
  readonly name: string
  readonly unit: string
  readonly unitFile: string
  /** What enabling it makes. */
  readonly wantedBy: string
  readonly sysusersFile: string
  readonly tmpfilesFile: string
  readonly runDir: string
  readonly stateDir: string
  readonly resolvConf: string
}

/** Folder of units that an administrator, not a package, has put there; systemd.unit(5). */
export const unitFolder = '/etc/systemd/system'
/** Files of the administrator's own: who may own a VPN, what is allowed without being asked. */
export const policyFolder = '/etc/vpnext/policy.d'
/** Whose members may own a VPN. */
export const userGroup = 'vpnext'

export function unitPlace(instance: string, resolvConf: string): UnitPlace {
  const name = instance === 'default' ? 'vpnext' : `vpnext-${instance}`
  const unit = `${name}.service`
  return {
    instance,
    name,
    unit,
    unitFile: join(unitFolder, unit),
    wantedBy: join(unitFolder, 'multi-user.target.wants', unit),
    sysusersFile: `/etc/sysusers.d/${name}.conf`,
    tmpfilesFile: `/etc/tmpfiles.d/${name}.conf`,
    runDir: `/run/${name}`,
    stateDir: `/var/lib/${name}`,
    resolvConf,
  }
}
