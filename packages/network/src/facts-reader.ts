import { existsSync } from 'node:fs'
import { type OpenSysctl, openChangeTally, openSysctl } from '@vpnext/native'
import { type KernelFacts, type ToldFacts, readKernelFacts, readToldFacts } from './kernel-facts.ts'
import { OpenResources } from './open-resources.ts'
import type { NetworkSettings } from './settings.ts'

/** Reads the facts again and again. What has changed is read ahead, in a moment in which nobody waits for it. */
export interface FactsReader extends Disposable {
  /** As `readKernelFacts`, in a fifth of its time. */
  read(): KernelFacts
}

/** How long after a change it is read, in ms: several come together, and on some machines one after the other all day. */
const readAheadMs = 250

const IPV6_DISABLED = 'net/ipv6/conf/default/disable_ipv6'

/**
 * Opens a reader for the network namespace that the calling thread is in now, and is in whenever the reader is used.
 *
 * @throws SystemError when rtnetlink does not answer, node's ENOENT without /proc/sys/net
 */
export function openFactsReader(settings: NetworkSettings): FactsReader {
  const open = new OpenResources()
  try {
    let timer: NodeJS.Timeout | undefined
    const readLater = (): void => {
      timer ??= setTimeout(readAhead, readAheadMs).unref()
    }
    open.own({ [Symbol.dispose]: () => clearTimeout(timer) })
    const tally = open.own(openChangeTally(['link', 'rule', 'netconf4'], readLater))
    const srcValidMark = open.own(openSysctl('net/ipv4/conf/all/src_valid_mark'))
    const arpIgnore = open.own(openSysctl('net/ipv4/conf/all/arp_ignore'))
    let ipv6Disabled: OpenSysctl | undefined
    const sysctls = {
      srcValidMark: () => srcValidMark.read(),
      arpIgnore: () => arpIgnore.read(),
      // Its module may be loaded at any time, and is never unloaded.
      ipv6Disabled: () => {
        if (ipv6Disabled === undefined && existsSync(`/proc/sys/${IPV6_DISABLED}`))
          ipv6Disabled = open.own(openSysctl(IPV6_DISABLED))
        return ipv6Disabled?.read()
      },
    }
    let known: ToldFacts | undefined
    // What changes while it is read is counted, and read again next time.
    const told = (): ToldFacts => {
      if (tally.changed()) known = undefined
      known ??= readToldFacts(settings)
      return known
    }
    function readAhead(): void {
      timer = undefined
      try {
        told()
      } catch {
        // Whoever asks next hears why it cannot be read.
      }
    }
    readAhead()
    return {
      read: () => readKernelFacts(settings, told(), sysctls),
      [Symbol.dispose]: () => open[Symbol.dispose](),
    }
  } catch (error) {
    open[Symbol.dispose]()
    throw error
  }
}
