declare module '@ohos.net.connection' {
  import type { AsyncCallback, Callback } from '@ohos.base'
  import type socket from '@ohos.net.socket'

  /** The networks of the machine. A VPN is one of them, and never the default one. Errors: 401, 2100001, 2100003. */
  namespace connection {
    interface NetAddress {
      /** IPv4 or IPv6 as text; no zone, no port. */
      address: string
      /** 1: IPv4 (the default), 2: IPv6; 3: a name, of a socket. */
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
    enum NetCap {
      NET_CAPABILITY_MMS = 0,
      NET_CAPABILITY_NOT_METERED = 11,
      NET_CAPABILITY_INTERNET = 12,
      NET_CAPABILITY_NOT_VPN = 15,
      /** There is a default route and a carrier: nobody probes the Internet. */
      NET_CAPABILITY_VALIDATED = 16,
      NET_CAPABILITY_PORTAL = 17,
      NET_CAPABILITY_CHECKING_CONNECTIVITY = 31,
    }
    enum NetBearType {
      BEARER_CELLULAR = 0,
      BEARER_WIFI = 1,
      BEARER_BLUETOOTH = 2,
      BEARER_ETHERNET = 3,
      BEARER_VPN = 4,
    }
    interface NetCapabilities {
      /** 0: not known. */
      linkUpBandwidthKbps?: number
      linkDownBandwidthKbps?: number
      networkCap?: Array<NetCap>
      bearerTypes: Array<NetBearType>
    }
    interface ConnectionProperties {
      interfaceName: string
      domains: string
      linkAddresses: Array<LinkAddress>
      dnses: Array<NetAddress>
      routes: Array<RouteInfo>
      /** Bytes. */
      mtu: number
    }
    interface NetSpecifier {
      netCapabilities: Partial<NetCapabilities>
      bearerPrivateIdentifier?: string
    }
    interface NetCapabilityInfo {
      netHandle: NetHandle
      netCap: NetCapabilities
    }
    interface NetConnectionPropertyInfo {
      netHandle: NetHandle
      connectionProperties: ConnectionProperties
    }
    interface NetBlockStatusInfo {
      netHandle: NetHandle
      blocked: boolean
    }
    interface HttpProxy {
      host: string
      port: number
      exclusionList: Array<string>
      /** For `http` alone. */
      username?: string
      password?: string
    }
    interface NetHandle {
      /** 0: none. */
      readonly netId: number
      /** Of a socket that is bound. */
      bindSocket(socketParam: socket.TCPSocket | socket.UDPSocket): Promise<void>
      bindSocket(socketParam: socket.TCPSocket | socket.UDPSocket, callback: AsyncCallback<void>): void
      getAddressesByNameWithOptions(host: string, option?: QueryOptions): Promise<Array<NetAddress>>
      getAddressesByName(host: string): Promise<Array<NetAddress>>
      getAddressesByName(host: string, callback: AsyncCallback<Array<NetAddress>>): void
      getAddressByName(host: string): Promise<NetAddress>
      getAddressByName(host: string, callback: AsyncCallback<NetAddress>): void
    }
    interface NetConnection {
      on(type: 'netAvailable' | 'netLost', callback: Callback<NetHandle>): void
      on(type: 'netBlockStatusChange', callback: Callback<NetBlockStatusInfo>): void
      on(type: 'netCapabilitiesChange', callback: Callback<NetCapabilityInfo>): void
      on(type: 'netConnectionPropertiesChange', callback: Callback<NetConnectionPropertyInfo>): void
      on(type: 'netUnavailable', callback: Callback<void>): void
      /** 201, 2101008, 2101022 */
      register(callback: AsyncCallback<void>): void
      /** 2101007 */
      unregister(callback: AsyncCallback<void>): void
    }
    function getDefaultNet(): Promise<NetHandle>
    function getDefaultNet(callback: AsyncCallback<NetHandle>): void
    function getDefaultNetSync(): NetHandle
    /** The network of the sockets that kits make from now on; one with the netId 0 ends it. 2100001 */
    function setAppNet(netHandle: NetHandle): Promise<void>
    function setAppNet(netHandle: NetHandle, callback: AsyncCallback<void>): void
    /** The netId is 0 where none was set. */
    function getAppNet(): Promise<NetHandle>
    function getAppNet(callback: AsyncCallback<NetHandle>): void
    function getAppNetSync(): NetHandle
    function getAllNets(): Promise<Array<NetHandle>>
    function getAllNets(callback: AsyncCallback<Array<NetHandle>>): void
    function getAllNetsSync(): Array<NetHandle>
    function hasDefaultNet(): Promise<boolean>
    function hasDefaultNet(callback: AsyncCallback<boolean>): void
    function hasDefaultNetSync(): boolean
    function isDefaultNetMetered(): Promise<boolean>
    function isDefaultNetMetered(callback: AsyncCallback<boolean>): void
    function isDefaultNetMeteredSync(): boolean
    function getConnectionProperties(netHandle: NetHandle): Promise<ConnectionProperties>
    function getConnectionProperties(
      netHandle: NetHandle,
      callback: AsyncCallback<ConnectionProperties>,
    ): void
    function getConnectionPropertiesSync(netHandle: NetHandle): ConnectionProperties
    function getNetCapabilities(netHandle: NetHandle): Promise<NetCapabilities>
    function getNetCapabilities(netHandle: NetHandle, callback: AsyncCallback<NetCapabilities>): void
    function getNetCapabilitiesSync(netHandle: NetHandle): NetCapabilities
    enum ProtocolType {
      PROTO_TYPE_TCP = 6,
      PROTO_TYPE_UDP = 17,
    }
    /**
     * The uid of the user whose program has a connection, -1 for none. A port of 0, or none, is any. A UDP socket that is not connected is found by
     * its own end. Errors: 201, 2100001.
     */
    function getConnectOwnerUid(
      protocol: ProtocolType,
      local: NetAddress,
      remote: NetAddress,
    ): Promise<number>
    function getConnectOwnerUidSync(protocol: ProtocolType, local: NetAddress, remote: NetAddress): number
    enum ConversionProcess {
      NO_CONFIGURATION = 0,
      ALLOW_UNASSIGNED = 1,
      USE_STD3_ASCII_RULES = 2,
    }
    /** Labels of other scripts in Punycode. Error: 2100001. */
    function getDnsAscii(host: string, flag?: ConversionProcess): string
    function getDnsUnicode(host: string, flag?: ConversionProcess): string
    interface QueryOptions {
      family?: FamilyType
    }
    function getAddressesByNameWithOptions(host: string, option?: QueryOptions): Promise<Array<NetAddress>>
    function getAddressesByName(host: string): Promise<Array<NetAddress>>
    function getAddressesByName(host: string, callback: AsyncCallback<Array<NetAddress>>): void
    /** @param timeout milliseconds */
    function createNetConnection(netSpecifier?: NetSpecifier, timeout?: number): NetConnection
    /** Checks its argument: nobody probes networks. */
    function reportNetConnected(netHandle: NetHandle): Promise<void>
    function reportNetConnected(netHandle: NetHandle, callback: AsyncCallback<void>): void
    function reportNetDisconnected(netHandle: NetHandle): Promise<void>
    function reportNetDisconnected(netHandle: NetHandle, callback: AsyncCallback<void>): void
    /** For `getAddressesByName` and `getAddressByName` of this process. */
    function addCustomDnsRule(host: string, ip: Array<string>): Promise<void>
    function addCustomDnsRule(host: string, ip: Array<string>, callback: AsyncCallback<void>): void
    function removeCustomDnsRule(host: string): Promise<void>
    function removeCustomDnsRule(host: string, callback: AsyncCallback<void>): void
    function clearCustomDnsRules(): Promise<void>
    function clearCustomDnsRules(callback: AsyncCallback<void>): void
    /** Kept, and used by nothing. */
    function setPacUrl(pacUrl: string): void
    function getPacUrl(): string
    enum FamilyType {
      FAMILY_TYPE_ALL = 0,
      FAMILY_TYPE_IPV4 = 1,
      FAMILY_TYPE_IPV6 = 2,
    }
    enum ProxyMode {
      PROXY_MODE_OFF = 0,
      PROXY_MODE_AUTO = 1,
    }
    /** For requests of `http` with `usingProxy: true`. */
    function setAppHttpProxy(httpProxy: HttpProxy): void
    function getDefaultHttpProxy(): Promise<HttpProxy>
    function getDefaultHttpProxy(callback: AsyncCallback<HttpProxy>): void
  }
  export default connection
}

declare module '@ohos.net.statistics' {
  import type { AsyncCallback } from '@ohos.base'

  /** Bytes since an interface exists. Errors: 401, 2103012 (no such interface). */
  namespace statistics {
    function getIfaceRxBytes(nic: string): Promise<number>
    function getIfaceRxBytes(nic: string, callback: AsyncCallback<number>): void
    function getIfaceTxBytes(nic: string): Promise<number>
    function getIfaceTxBytes(nic: string, callback: AsyncCallback<number>): void
    function getCellularRxBytes(): Promise<number>
    function getCellularRxBytes(callback: AsyncCallback<number>): void
    function getCellularTxBytes(): Promise<number>
    function getCellularTxBytes(callback: AsyncCallback<number>): void
    /** Without the loopback interface and the VPNs. */
    function getAllRxBytes(): Promise<number>
    function getAllRxBytes(callback: AsyncCallback<number>): void
    function getAllTxBytes(): Promise<number>
    function getAllTxBytes(callback: AsyncCallback<number>): void
    /** Of the own user, since the process first asked; 2103005 of another, or where the kernel does not count. */
    function getUidRxBytes(uid: number): Promise<number>
    function getUidRxBytes(uid: number, callback: AsyncCallback<number>): void
    function getUidTxBytes(uid: number): Promise<number>
    function getUidTxBytes(uid: number, callback: AsyncCallback<number>): void
    /** Payload of a TCP connection, or of a UDPSocket of the kit. 2103005 for another descriptor. */
    function getSockfdRxBytes(sockfd: number): Promise<number>
    function getSockfdRxBytes(sockfd: number, callback: AsyncCallback<number>): void
    function getSockfdTxBytes(sockfd: number): Promise<number>
    function getSockfdTxBytes(sockfd: number, callback: AsyncCallback<number>): void
  }
  export default statistics
}
