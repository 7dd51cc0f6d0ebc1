declare module '@ohos.net.connection' {
  namespace connection {
    interface NetAddress {
      /** IPv4 or IPv6 as text; no zone, no port. */
      address: string
      /** 1: IPv4 (the default), 2: IPv6. */
      family?: number
      /** 0..65535. */
      port?: number
    }
    interface LinkAddress {
      address: NetAddress
      /** Bits. */
      prefixLength: number
    }
    interface RouteInfo {
      /** `''` or `vpn-tun`: the VPN itself. */
      interface: string
      destination: LinkAddress
      /** `''`, `0.0.0.0`, `::` or `fe80::`: none. */
      gateway: NetAddress
      hasGateway: boolean
      isDefaultRoute: boolean
      /** True: this traffic stays out of the VPN. */
      isExcludedRoute?: boolean
    }
  }
  export default connection
}

declare module '@ohos.net.vpnExtension' {
  import type { AsyncCallback } from '@ohos.base'
  import type common from '@ohos.app.ability.common'
  import type Want from '@ohos.app.ability.Want'
  import type connection from '@ohos.net.connection'

  namespace vpnExtension {
    type LinkAddress = connection.LinkAddress
    type RouteInfo = connection.RouteInfo
    type VpnExtensionContext = common.VpnExtensionContext

    /**
     * Starts the extension of the caller's own bundle, after the user has agreed.
     * @throws 401; rejects 201, 16000001, 16000002, 16000006, 16000008, 16000011, 16000050, 16200001
     */
    function startVpnExtensionAbility(want: Want): Promise<void>
    /** @throws 401; rejects 201, 16000001, 16000002, 16000006, 16000011, 16000050, 16200001 */
    function stopVpnExtensionAbility(want: Want): Promise<void>
    /** @param context `this.context` of the ability. @throws 401 */
    function createVpnConnection(context: VpnExtensionContext): VpnConnection

    interface VpnConnection {
      /**
       * Sets the VPN up.
       * @returns the descriptor of its interface: one IP packet per read and write
       * @throws 401; rejects 2200001, 2200002, 2200003, 2203001, 2203002
       */
      create(config: VpnConfig): Promise<number>
      create(config: VpnConfig, callback: AsyncCallback<number>): void
      /**
       * Keeps the traffic of a socket out of the VPN. To be called before the socket connects.
       * @param socketFd of `getSocketFd()`
       * @throws 401; rejects 2200001, 2200002, 2200003, 2203004
       */
      protect(socketFd: number): Promise<void>
      protect(socketFd: number, callback: AsyncCallback<void>): void
      /** Removes the VPN and closes its descriptor. @throws 401; rejects 2200002, 2200003 */
      destroy(): Promise<void>
      destroy(vpnId: string): Promise<void>
      destroy(callback: AsyncCallback<void>): void
      destroy(vpnId: string, callback: AsyncCallback<void>): void
      /** A new name for one of several VPNs. */
      generateVpnId(): Promise<string>
      generateVpnId(callback: AsyncCallback<string>): void
    }

    interface VpnConfig {
      vpnId?: string
      /** At most 2000. */
      addresses: Array<LinkAddress>
      /** At most 10,000. Without any: everything of the accepted families. */
      routes?: Array<RouteInfo>
      /** At most 64. */
      dnsAddresses?: Array<string>
      /** At most 64. */
      searchDomains?: Array<string>
      /** Bytes, 576 to 65535, at least 1280 with IPv6; 1500 when absent. */
      mtu?: number
      isIPv4Accepted?: boolean
      isIPv6Accepted?: boolean
      /** Has no effect. */
      isInternal?: boolean
      /** Whether a read waits for a packet; false when absent. */
      isBlocking?: boolean
      /** Bundle names that alone use the VPN; not together with `blockedApplications`. At most 256. */
      trustedApplications?: Array<string>
      /** Bundle names that do not use the VPN. At most 256. */
      blockedApplications?: Array<string>
    }
  }
  export default vpnExtension
}

declare module '@kit.NetworkKit' {
  import type connection from '@ohos.net.connection'
  import socket from '@ohos.net.socket'
  import VpnExtensionAbility from '@ohos.app.ability.VpnExtensionAbility'
  import vpnExtension from '@ohos.net.vpnExtension'
  export { socket, VpnExtensionAbility, vpnExtension }
  /** Types only: the functions of this namespace are not provided. */
  export type { connection }
}
