/* The kernel's routes, for net-connection.c. */
#ifndef VPNEXT_ROUTE_LIST_H
#define VPNEXT_ROUTE_LIST_H

#include <stdint.h>

struct vpnext_route {
    /* AF_INET or AF_INET6; addresses have 4 or 16 bytes. */
    uint8_t family;
    uint8_t length;
    uint8_t destination[16];
    uint8_t gateway[16];
    int hasGateway;
    int index;
    uint32_t metric;
};

/* Unicast routes of the main table, IPv4 first. Gives their number, at most `capacity`; -1 when the kernel does not answer. */
int vpnext_read_routes(struct vpnext_route *room, int capacity);

#endif
