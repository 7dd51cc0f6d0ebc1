declare module '@ohos.net.vpnExtension' {
  import type { AsyncCallback, Callback } from '@ohos.base'
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
    /** Hears of the user's answers to questions for consent about this bundle. Since API version 26. */
    function createVpnObserver(): VpnObserver
    /**
     * System API, with `ohos.permission.MANAGE_VPN`: the bundle runs from the start of the system on.
     * @throws 401; rejects 201, 202, 2200001, 2200002, 2200003
     */
    function setAlwaysOnVpnEnabled(enable: boolean, bundleName: string): Promise<void>
    /** System API, with `ohos.permission.MANAGE_VPN`. @throws 401; rejects 201, 202, 2200002, 2200003 */
    function isAlwaysOnVpnEnabled(bundleName: string): Promise<boolean>
    /**
     * System API, with `ohos.permission.MANAGE_VPN`: the answer of a consent dialog.
     * @param bundleName allowed; with `**vpndialog**` in it: refused
     * @returns true: the answer was taken
     * @throws 201, 202, 401
     */
    function updateVpnAuthorizedState(bundleName: string): boolean

    interface VpnObserver {
      /** Replaces an earlier callback. */
      onAuthorizationResult(callback: Callback<boolean>): void
      /** Without a callback: whichever there is. */
      offAuthorizationResult(callback?: Callback<boolean>): void
    }

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
      /**
       * Keeps every socket that this process makes from now on out of the VPN. Always resolves. Since API version 22.
       * @throws 19900001
       */
      protectProcessNet(): Promise<void>
      /** Removes the VPN and closes its descriptor. @throws 401; rejects 2200002, 2200003 */
      destroy(): Promise<void>
      /** One of several VPNs. Since API version 20. @throws 401; rejects 201, 19900002 */
      destroy(vpnId: string): Promise<void>
      destroy(callback: AsyncCallback<void>): void
      destroy(vpnId: string, callback: AsyncCallback<void>): void
      /** A new name for one of several VPNs. Since API version 20. @throws 19900001 */
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
      /** Only in vpnext; ignored on a device. */
      vpnext?: VpnextOptions
    }

    interface VpnextOptions {
      /** A descriptor for segmentation offload, as `@vpnext/packet` uses it: no plain packets any more. False when absent. */
      offload?: boolean
    }
  }
  export default vpnExtension
}

declare module '@kit.NetworkKit' {
  import connection from '@ohos.net.connection'
  import socket from '@ohos.net.socket'
  import statistics from '@ohos.net.statistics'
  import VpnExtensionAbility from '@ohos.app.ability.VpnExtensionAbility'
  import vpnExtension from '@ohos.net.vpnExtension'
  export { connection, socket, statistics, VpnExtensionAbility, vpnExtension }
}
