import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { currentUserNamespaceIsInitial, landlockAbi, type NftSupport, nftSupport } from '@vpnext/native'
import type { Check } from './check.ts'

/** The udev rule that systemd ships, for machines without it. */
export const tunUdevRule = 'KERNEL=="tun", MODE="0666", OPTIONS+="static_node=net/tun"'

/** What vpnext needs of the machine, each with a remedy. */
export function checkMachine(): Check[] {
  return [checkNode(), checkTun(), ...checkNft(nftSupport()), checkLandlock(), checkNamespace()]
}

function checkNode(): Check {
  return { name: 'Node.js', state: { kind: 'fine', detail: process.versions.node } }
}

function checkTun(): Check {
  const name = 'TUN device'
  const path = '/dev/net/tun'
  if (!existsSync(path)) {
    return { name, state: { kind: 'lacking', detail: `${path} does not exist`, remedy: 'modprobe tun' } }
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return { name, state: { kind: 'fine', detail: path } }
  } catch {
    const mode = (statSync(path).mode & 0o777).toString(8)
    const remedy = `put this line into /etc/udev/rules.d/99-tun.rules:  ${tunUdevRule}`
    return {
      name,
      state: { kind: 'lacking', detail: `${path} has mode ${mode} and is closed to you`, remedy },
    }
  }
}

/** The service speaks to the kernel itself; the library is for those who read the filter as nft prints it. */
export function checkNft({ kernel, library }: NftSupport): Check[] {
  return [
    {
      name: 'packet filter',
      state: kernel
        ? { kind: 'fine', detail: 'nf_tables' }
        : {
            kind: 'lacking',
            detail: 'this kernel has no nf_tables: no tunnel can be created',
            remedy: 'modprobe nf_tables',
          },
    },
    {
      name: 'nft library',
      state: library
        ? { kind: 'fine', detail: 'libnftables' }
        : {
            kind: 'note',
            detail:
              'libnftables.so.1 is not installed: tunnels work; explain does not know the packet filter, and the demo (npm start) does not run',
            remedy: 'apt-get install libnftables1',
          },
    },
  ]
}

function checkLandlock(): Check {
  const name = 'Landlock'
  const abi = landlockAbi()
  if (abi > 0) return { name, state: { kind: 'fine', detail: `ABI ${abi}` } }
  const remedy = 'boot with lsm=landlock,… on a kernel from 5.13'
  return { name, state: { kind: 'lacking', detail: 'this kernel has it off', remedy } }
}

function checkNamespace(): Check {
  const name = 'privilege'
  if (process.getuid?.() !== 0) {
    const remedy = 'run as root, or as root of a user namespace'
    return { name, state: { kind: 'lacking', detail: `uid ${process.getuid?.()}`, remedy } }
  }
  const detail = currentUserNamespaceIsInitial() ? 'root' : 'root of a user namespace; hosts share your uid'
  return { name, state: { kind: 'fine', detail } }
}
