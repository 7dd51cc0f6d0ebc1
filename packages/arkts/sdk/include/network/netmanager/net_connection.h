/*
 * The networks of the machine, for native code: what `connection` of the kits tells. Every function gives 0, 401 for an argument
 * that is not as it should be, 2100001 for a network that is not there, or 2100003 when the kernel does not answer.
 */
#ifndef VPNEXT_NET_CONNECTION_H
#define VPNEXT_NET_CONNECTION_H

#include "net_connection_type.h"

#ifdef __cplusplus
extern "C" {
#endif

int32_t OH_NetConn_HasDefaultNet(int32_t *hasDefaultNet);
/* The uplink, never a VPN; netId 0 without one. */
int32_t OH_NetConn_GetDefaultNet(NetConn_NetHandle *netHandle);
int32_t OH_NetConn_IsDefaultNetMetered(int32_t *isMetered);
/* Uplinks, the one used first before the others, then VPNs. */
int32_t OH_NetConn_GetAllNets(NetConn_NetHandleList *netHandleList);
int32_t OH_NetConn_GetConnectionProperties(NetConn_NetHandle *netHandle, NetConn_ConnectionProperties *prop);
int32_t OH_NetConn_GetNetCapabilities(NetConn_NetHandle *netHandle, NetConn_NetCapabilities *netCapabilities);
/* There is none: an empty host. */
int32_t OH_NetConn_GetDefaultHttpProxy(NetConn_HttpProxy *httpProxy);
/* As getaddrinfo(3), for every network the same. */
int32_t OH_NetConn_GetAddrInfo(char *host, char *serv, struct addrinfo *hint, struct addrinfo **res, int32_t netId);
int32_t OH_NetConn_FreeDnsResult(struct addrinfo *res);
/* Ties a socket to the network's interface. */
int32_t OH_NetConn_BindSocket(int32_t socketFd, NetConn_NetHandle *netHandle);
/*
 * Hear of a network: the best one that has what is asked for, or the uplink. The callbacks come one after another from a thread of their own, first of
 * all for what is there. `timeout` in ms, 0: for ever. 2101022 for more than 32. After OH_NetConn_UnregisterNetConnCallback none comes any more;
 * 2101007 for an id that is none.
 */
int32_t OH_NetConn_RegisterNetConnCallback(NetConn_NetSpecifier *specifier, NetConn_NetConnCallback *netConnCallback,
                                           uint32_t timeout, uint32_t *callbackId);
int32_t OH_NetConn_RegisterDefaultNetConnCallback(NetConn_NetConnCallback *netConnCallback, uint32_t *callbackId);
int32_t OH_NetConn_UnregisterNetConnCallback(uint32_t callbackId);

#ifdef __cplusplus
}
#endif

#endif
