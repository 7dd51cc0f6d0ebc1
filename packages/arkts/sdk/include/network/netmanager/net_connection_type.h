/* Structures of net_connection.h, laid out as on the device. */
#ifndef VPNEXT_NET_CONNECTION_TYPE_H
#define VPNEXT_NET_CONNECTION_TYPE_H

#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>

#define NETCONN_MAX_NET_SIZE 32
#define NETCONN_MAX_BEARER_TYPE_SIZE 32
#define NETCONN_MAX_CAP_SIZE 32
#define NETCONN_MAX_ADDR_SIZE 32
#define NETCONN_MAX_ROUTE_SIZE 64
#define NETCONN_MAX_EXCLUSION_SIZE 256
#define NETCONN_MAX_STR_LEN 256

typedef enum NetConn_NetCap {
    NETCONN_NET_CAPABILITY_MMS = 0,
    NETCONN_NET_CAPABILITY_NOT_METERED = 11,
    NETCONN_NET_CAPABILITY_INTERNET = 12,
    NETCONN_NET_CAPABILITY_NOT_VPN = 15,
    NETCONN_NET_CAPABILITY_VALIDATED = 16,
    NETCONN_NET_CAPABILITY_PORTAL = 17,
} NetConn_NetCap;

typedef enum NetConn_NetBearerType {
    NETCONN_BEARER_CELLULAR = 0,
    NETCONN_BEARER_WIFI = 1,
    NETCONN_BEARER_BLUETOOTH = 2,
    NETCONN_BEARER_ETHERNET = 3,
    NETCONN_BEARER_VPN = 4,
} NetConn_NetBearerType;

typedef struct NetConn_NetHandle {
    /* 100 + the index of the interface; 0: none. */
    int32_t netId;
} NetConn_NetHandle;

typedef struct NetConn_NetCapabilities {
    /* Not known: 0. */
    uint32_t linkUpBandwidthKbps;
    uint32_t linkDownBandwidthKbps;
    NetConn_NetCap netCaps[NETCONN_MAX_CAP_SIZE];
    int32_t netCapsSize;
    NetConn_NetBearerType bearerTypes[NETCONN_MAX_BEARER_TYPE_SIZE];
    int32_t bearerTypesSize;
} NetConn_NetCapabilities;

typedef struct NetConn_NetAddr {
    /* AF_INET or AF_INET6. */
    uint8_t family;
    uint8_t prefixlen;
    uint8_t port;
    char address[NETCONN_MAX_STR_LEN];
} NetConn_NetAddr;

typedef struct NetConn_Route {
    char iface[NETCONN_MAX_STR_LEN];
    NetConn_NetAddr destination;
    NetConn_NetAddr gateway;
    int32_t hasGateway;
    int32_t isDefaultRoute;
} NetConn_Route;

typedef struct NetConn_HttpProxy {
    char host[NETCONN_MAX_STR_LEN];
    char exclusionList[NETCONN_MAX_EXCLUSION_SIZE][NETCONN_MAX_STR_LEN];
    int32_t exclusionListSize;
    uint16_t port;
} NetConn_HttpProxy;

typedef struct NetConn_ConnectionProperties {
    char ifaceName[NETCONN_MAX_STR_LEN];
    /* Search domains. */
    char domain[NETCONN_MAX_STR_LEN];
    char tcpBufferSizes[NETCONN_MAX_STR_LEN];
    uint16_t mtu;
    NetConn_NetAddr netAddrList[NETCONN_MAX_ADDR_SIZE];
    int32_t netAddrListSize;
    NetConn_NetAddr dnsList[NETCONN_MAX_ADDR_SIZE];
    int32_t dnsListSize;
    NetConn_Route routeList[NETCONN_MAX_ROUTE_SIZE];
    int32_t routeListSize;
    NetConn_HttpProxy httpProxy;
} NetConn_ConnectionProperties;

typedef struct NetConn_NetHandleList {
    NetConn_NetHandle netHandles[NETCONN_MAX_NET_SIZE];
    int32_t netHandleListSize;
} NetConn_NetHandleList;

typedef struct NetConn_NetSpecifier {
    NetConn_NetCapabilities caps;
    /* Without effect. */
    char *bearerPrivateIdentifier;
} NetConn_NetSpecifier;

typedef void (*OH_NetConn_NetworkAvailable)(NetConn_NetHandle *netHandle);
typedef void (*OH_NetConn_NetCapabilitiesChange)(NetConn_NetHandle *netHandle, NetConn_NetCapabilities *netCapabilities);
typedef void (*OH_NetConn_NetConnectionPropertiesChange)(NetConn_NetHandle *netHandle,
                                                         NetConn_ConnectionProperties *connConnetionProperties);
typedef void (*OH_NetConn_NetLost)(NetConn_NetHandle *netHandle);
/* No network within the time. */
typedef void (*OH_NetConn_NetUnavailable)(void);
/* Never called: nothing here blocks a network. */
typedef void (*OH_NetConn_NetBlockStatusChange)(NetConn_NetHandle *netHandle, bool blocked);

/* What is NULL is not called. */
typedef struct NetConn_NetConnCallback {
    OH_NetConn_NetworkAvailable onNetworkAvailable;
    OH_NetConn_NetCapabilitiesChange onNetCapabilitiesChange;
    OH_NetConn_NetConnectionPropertiesChange onConnetionProperties;
    OH_NetConn_NetLost onNetLost;
    OH_NetConn_NetUnavailable onNetUnavailable;
    OH_NetConn_NetBlockStatusChange onNetBlockStatusChange;
} NetConn_NetConnCallback;

#endif
