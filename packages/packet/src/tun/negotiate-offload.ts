import { describeTun, type Fd, isSystemError, setTunOffload } from '@vpnext/native'

// include/uapi/linux/if_tun.h
const csum = 0x01
const tso4 = 0x02
const tso6 = 0x04
const tsoEcn = 0x08
const uso4 = 0x20
const uso6 = 0x40

/**
 * What a TUN descriptor and its owner agreed on.
 *
 * - `none`: a plain descriptor, one raw packet per read and write, as the HarmonyOS API gives it.
 * - `header`: a virtio-net header before each packet, nothing else.
 * - `segments`: long TCP packets both ways; with `udp` long UDP ones too.
 */
export type TunOffload =
  | { readonly kind: 'none' }
  | { readonly kind: 'header' }
  | { readonly kind: 'segments'; readonly udp: boolean }

/** The offload to ask for; what the kernel refuses is replaced by the next best. */
export type WantedOffload = 'best' | 'tcp' | 'none'

/**
 * Agrees on offload with the kernel (TUNSETOFFLOAD). Whether there are virtio-net headers at all is decided when the
 * device is made (IFF_VNET_HDR) and read here.
 *
 * @throws SystemError ENOTTY when `fd` is no TUN, EBADFD when its device is gone
 */
export function negotiateOffload(fd: Fd, wanted: WantedOffload): TunOffload {
  if (!describeTun(fd).vnetHeader) return { kind: 'none' }
  if (wanted === 'best' && accepts(fd, csum | tso4 | tso6 | tsoEcn | uso4 | uso6))
    return { kind: 'segments', udp: true }
  if (wanted !== 'none' && accepts(fd, csum | tso4 | tso6 | tsoEcn)) return { kind: 'segments', udp: false }
  accepts(fd, 0)
  return { kind: 'header' }
}

function accepts(fd: Fd, flags: number): boolean {
  try {
    setTunOffload(fd, flags)
    return true
  } catch (error) {
    if (isSystemError(error, 'EINVAL')) return false
    throw error
  }
}
