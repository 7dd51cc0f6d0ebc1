/* The same networks as `connection` of the kits gives: packages/kit/src/connection/nets.ts. */
#include "network/netmanager/net_connection.h"
#include "route-list.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SUCCESS 0
#define BAD_PARAMETER 401
#define NO_SUCH_NET 2100001
#define INTERNAL 2100003

#define FIRST_NET_ID 100
#define MAX_ROUTES 256

static int isVpn(const char *name)
{
    return strncmp(name, "vpn-tun", 7) == 0 || strncmp(name, "multitun-vpn", 12) == 0;
}

static int startsWith(const char *name, const char *start) { return strncmp(name, start, strlen(start)) == 0; }

static NetConn_NetBearerType bearerOf(const char *name)
{
    if (isVpn(name)) return NETCONN_BEARER_VPN;
    char path[sizeof "/sys/class/net//wireless" + IF_NAMESIZE];
    snprintf(path, sizeof path, "/sys/class/net/%s/wireless", name);
    if (startsWith(name, "wl") || access(path, F_OK) == 0) return NETCONN_BEARER_WIFI;
    if (startsWith(name, "wwan") || startsWith(name, "rmnet") || startsWith(name, "ppp"))
        return NETCONN_BEARER_CELLULAR;
    return startsWith(name, "bnep") ? NETCONN_BEARER_BLUETOOTH : NETCONN_BEARER_ETHERNET;
}

/* The flags of an interface (netdevice(7)), or its MTU; -1 when it is not there. */
static int askInterface(const char *name, unsigned long request)
{
    struct ifreq asked = {0};
    snprintf(asked.ifr_name, sizeof asked.ifr_name, "%s", name);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int failed = ioctl(fd, request, &asked);
    close(fd);
    if (failed) return -1;
    return request == SIOCGIFMTU ? asked.ifr_mtu : (unsigned short)asked.ifr_flags;
}

static int addNet(NetConn_NetHandleList *list, int index)
{
    for (int i = 0; i < list->netHandleListSize; i++)
        if (list->netHandles[i].netId == FIRST_NET_ID + index) return 0;
    if (list->netHandleListSize == NETCONN_MAX_NET_SIZE) return 0;
    list->netHandles[list->netHandleListSize++].netId = FIRST_NET_ID + index;
    return 1;
}

/* IPv4 before IPv6, then by metric. */
static int compareRoutes(const void *one, const void *other)
{
    const struct vpnext_route *a = one, *b = other;
    if (a->family != b->family) return a->family == AF_INET ? -1 : 1;
    return a->metric < b->metric ? -1 : a->metric > b->metric;
}

/* Uplinks, then VPNs. Gives the number of uplinks; -1 when the kernel does not answer. */
static int readNets(NetConn_NetHandleList *list)
{
    struct vpnext_route routes[MAX_ROUTES];
    char name[IF_NAMESIZE];
    int count = vpnext_read_routes(routes, MAX_ROUTES), uplinks = 0;
    memset(list, 0, sizeof *list);
    if (count < 0) return -1;
    qsort(routes, (size_t)count, sizeof *routes, compareRoutes);
    for (int i = 0; i < count; i++) {
        if (routes[i].length != 0 || if_indextoname((unsigned)routes[i].index, name) == NULL) continue;
        int flags = askInterface(name, SIOCGIFFLAGS);
        if (flags >= 0 && (flags & IFF_RUNNING) != 0 && (flags & IFF_LOOPBACK) == 0)
            uplinks += addNet(list, routes[i].index);
    }
    struct if_nameindex *all = if_nameindex();
    for (struct if_nameindex *at = all; at != NULL && at->if_index != 0; at++) {
        int flags = isVpn(at->if_name) ? askInterface(at->if_name, SIOCGIFFLAGS) : -1;
        if (flags >= 0 && (flags & IFF_UP) != 0) addNet(list, (int)at->if_index);
    }
    if (all != NULL) if_freenameindex(all);
    return uplinks;
}

/* The interface of a network. */
static int32_t nameOf(const NetConn_NetHandle *handle, char *name)
{
    NetConn_NetHandleList nets;
    if (handle == NULL) return BAD_PARAMETER;
    if (readNets(&nets) < 0) return INTERNAL;
    for (int i = 0; i < nets.netHandleListSize; i++) {
        if (nets.netHandles[i].netId != handle->netId) continue;
        return if_indextoname((unsigned)(handle->netId - FIRST_NET_ID), name) == NULL ? NO_SUCH_NET : SUCCESS;
    }
    return NO_SUCH_NET;
}

static void setAddress(NetConn_NetAddr *to, int family, const void *bytes, int length)
{
    to->family = (uint8_t)family;
    to->prefixlen = (uint8_t)length;
    inet_ntop(family, bytes, to->address, sizeof to->address);
}

static int bitsOf(const struct sockaddr *mask)
{
    const uint8_t *bytes;
    int count = 0, size = mask->sa_family == AF_INET6 ? 16 : 4;
    if (size == 16) bytes = ((const struct sockaddr_in6 *)mask)->sin6_addr.s6_addr;
    else bytes = (const uint8_t *)&((const struct sockaddr_in *)mask)->sin_addr;
    for (int i = 0; i < size; i++) count += __builtin_popcount(bytes[i]);
    return count;
}

static void readAddresses(NetConn_ConnectionProperties *to)
{
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0) return;
    for (struct ifaddrs *at = all; at != NULL && to->netAddrListSize < NETCONN_MAX_ADDR_SIZE; at = at->ifa_next) {
        if (at->ifa_addr == NULL || at->ifa_netmask == NULL || strcmp(at->ifa_name, to->ifaceName) != 0) continue;
        int family = at->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        const void *bytes = family == AF_INET ? (const void *)&((struct sockaddr_in *)at->ifa_addr)->sin_addr
                                              : (const void *)&((struct sockaddr_in6 *)at->ifa_addr)->sin6_addr;
        setAddress(&to->netAddrList[to->netAddrListSize++], family, bytes, bitsOf(at->ifa_netmask));
    }
    freeifaddrs(all);
}

static void readRoutes(NetConn_ConnectionProperties *to, int index)
{
    struct vpnext_route routes[MAX_ROUTES];
    int count = vpnext_read_routes(routes, MAX_ROUTES);
    for (int i = 0; i < count && to->routeListSize < NETCONN_MAX_ROUTE_SIZE; i++) {
        if (routes[i].index != index) continue;
        NetConn_Route *route = &to->routeList[to->routeListSize++];
        snprintf(route->iface, sizeof route->iface, "%s", to->ifaceName);
        setAddress(&route->destination, routes[i].family, routes[i].destination, routes[i].length);
        setAddress(&route->gateway, routes[i].family, routes[i].gateway, 0);
        route->hasGateway = routes[i].hasGateway;
        route->isDefaultRoute = routes[i].length == 0;
    }
}

/* resolv.conf(5) as the process sees it: that of the uplink when the host was started. */
static void readNameServers(NetConn_ConnectionProperties *to)
{
    FILE *file = fopen("/etc/resolv.conf", "re");
    char line[512], value[NETCONN_MAX_STR_LEN];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        uint8_t bytes[16];
        if (sscanf(line, " nameserver %255s", value) == 1 && to->dnsListSize < NETCONN_MAX_ADDR_SIZE) {
            int family = strchr(value, ':') == NULL ? AF_INET : AF_INET6;
            if (inet_pton(family, value, bytes) == 1)
                setAddress(&to->dnsList[to->dnsListSize++], family, bytes, family == AF_INET ? 32 : 128);
        } else if (sscanf(line, " search %255[^\n]", value) == 1 || sscanf(line, " domain %255s", value) == 1) {
            memcpy(to->domain, value, sizeof value);
        }
    }
    if (file != NULL) fclose(file);
}

int32_t OH_NetConn_HasDefaultNet(int32_t *hasDefaultNet)
{
    NetConn_NetHandleList nets;
    if (hasDefaultNet == NULL) return BAD_PARAMETER;
    int uplinks = readNets(&nets);
    *hasDefaultNet = uplinks > 0;
    return uplinks < 0 ? INTERNAL : SUCCESS;
}

int32_t OH_NetConn_GetDefaultNet(NetConn_NetHandle *netHandle)
{
    NetConn_NetHandleList nets;
    if (netHandle == NULL) return BAD_PARAMETER;
    int uplinks = readNets(&nets);
    netHandle->netId = uplinks > 0 ? nets.netHandles[0].netId : 0;
    return uplinks < 0 ? INTERNAL : SUCCESS;
}

int32_t OH_NetConn_IsDefaultNetMetered(int32_t *isMetered)
{
    NetConn_NetHandle handle;
    char name[IF_NAMESIZE];
    if (isMetered == NULL) return BAD_PARAMETER;
    *isMetered = 0;
    int32_t failed = OH_NetConn_GetDefaultNet(&handle);
    if (failed || handle.netId == 0) return failed;
    failed = nameOf(&handle, name);
    if (!failed) *isMetered = bearerOf(name) == NETCONN_BEARER_CELLULAR;
    return failed;
}

int32_t OH_NetConn_GetAllNets(NetConn_NetHandleList *netHandleList)
{
    if (netHandleList == NULL) return BAD_PARAMETER;
    return readNets(netHandleList) < 0 ? INTERNAL : SUCCESS;
}

int32_t OH_NetConn_GetConnectionProperties(NetConn_NetHandle *netHandle, NetConn_ConnectionProperties *prop)
{
    char name[IF_NAMESIZE];
    if (prop == NULL) return BAD_PARAMETER;
    int32_t failed = nameOf(netHandle, name);
    if (failed) return failed;
    memset(prop, 0, sizeof *prop);
    snprintf(prop->ifaceName, sizeof prop->ifaceName, "%s", name);
    int mtu = askInterface(name, SIOCGIFMTU);
    prop->mtu = (uint16_t)(mtu < 0 ? 0 : mtu > UINT16_MAX ? UINT16_MAX : mtu);
    readAddresses(prop);
    readRoutes(prop, netHandle->netId - FIRST_NET_ID);
    if (!isVpn(name)) readNameServers(prop);
    return SUCCESS;
}

int32_t OH_NetConn_GetNetCapabilities(NetConn_NetHandle *netHandle, NetConn_NetCapabilities *netCapabilities)
{
    char name[IF_NAMESIZE];
    if (netCapabilities == NULL) return BAD_PARAMETER;
    int32_t failed = nameOf(netHandle, name);
    if (failed) return failed;
    memset(netCapabilities, 0, sizeof *netCapabilities);
    NetConn_NetBearerType bearer = bearerOf(name);
    NetConn_NetCap *caps = netCapabilities->netCaps;
    int count = 0;
    if (bearer != NETCONN_BEARER_CELLULAR) caps[count++] = NETCONN_NET_CAPABILITY_NOT_METERED;
    caps[count++] = NETCONN_NET_CAPABILITY_INTERNET;
    if (bearer != NETCONN_BEARER_VPN) caps[count++] = NETCONN_NET_CAPABILITY_NOT_VPN;
    caps[count++] = NETCONN_NET_CAPABILITY_VALIDATED;
    netCapabilities->netCapsSize = count;
    netCapabilities->bearerTypes[0] = bearer;
    netCapabilities->bearerTypesSize = 1;
    return SUCCESS;
}

int32_t OH_NetConn_GetDefaultHttpProxy(NetConn_HttpProxy *httpProxy)
{
    if (httpProxy == NULL) return BAD_PARAMETER;
    memset(httpProxy, 0, sizeof *httpProxy);
    return SUCCESS;
}

int32_t OH_NetConn_GetAddrInfo(char *host, char *serv, struct addrinfo *hint, struct addrinfo **res, int32_t netId)
{
    (void)netId;
    if (host == NULL || res == NULL) return BAD_PARAMETER;
    return getaddrinfo(host, serv, hint, res) == 0 ? SUCCESS : INTERNAL;
}

int32_t OH_NetConn_FreeDnsResult(struct addrinfo *res)
{
    if (res == NULL) return BAD_PARAMETER;
    freeaddrinfo(res);
    return SUCCESS;
}

int32_t OH_NetConn_BindSocket(int32_t socketFd, NetConn_NetHandle *netHandle)
{
    char name[IF_NAMESIZE];
    if (socketFd < 0) return BAD_PARAMETER;
    int32_t failed = nameOf(netHandle, name);
    if (failed) return failed;
    return setsockopt(socketFd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name)) == 0 ? SUCCESS : INTERNAL;
}
