/* Reads routes by rtnetlink(7), which the sandbox leaves open. */
#include "route-list.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void copyAddress(uint8_t *to, const struct rtattr *attribute)
{
    size_t size = RTA_PAYLOAD(attribute);
    memcpy(to, RTA_DATA(attribute), size > 16 ? 16 : size);
}

/* Of several ways the first one. */
static void readHops(struct vpnext_route *route, const struct rtattr *hops)
{
    if (RTA_PAYLOAD(hops) < sizeof(struct rtnexthop)) return;
    const struct rtnexthop *hop = RTA_DATA(hops);
    route->index = hop->rtnh_ifindex;
    int size = (int)hop->rtnh_len - (int)sizeof *hop;
    for (const struct rtattr *at = RTNH_DATA(hop); RTA_OK(at, size); at = RTA_NEXT(at, size)) {
        if (at->rta_type != RTA_GATEWAY) continue;
        copyAddress(route->gateway, at);
        route->hasGateway = 1;
    }
}

static int readRoute(struct vpnext_route *route, struct nlmsghdr *header)
{
    const struct rtmsg *message = NLMSG_DATA(header);
    uint32_t table = message->rtm_table;
    memset(route, 0, sizeof *route);
    route->family = message->rtm_family;
    route->length = message->rtm_dst_len;
    int size = (int)RTM_PAYLOAD(header);
    for (const struct rtattr *at = RTM_RTA(message); RTA_OK(at, size); at = RTA_NEXT(at, size)) {
        switch (at->rta_type) {
            case RTA_DST: copyAddress(route->destination, at); break;
            case RTA_GATEWAY:
                copyAddress(route->gateway, at);
                route->hasGateway = 1;
                break;
            case RTA_OIF: memcpy(&route->index, RTA_DATA(at), sizeof route->index); break;
            case RTA_PRIORITY: memcpy(&route->metric, RTA_DATA(at), sizeof route->metric); break;
            case RTA_TABLE: memcpy(&table, RTA_DATA(at), sizeof table); break;
            case RTA_MULTIPATH: readHops(route, at); break;
            default: break;
        }
    }
    int isCloned = (message->rtm_flags & RTM_F_CLONED) != 0;
    return table == RT_TABLE_MAIN && message->rtm_type == RTN_UNICAST && !isCloned && route->index > 0;
}

static int dump(int fd, uint8_t family, struct vpnext_route *room, int capacity)
{
    struct {
        struct nlmsghdr header;
        struct rtmsg message;
    } request = {{sizeof request, RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, family, 0}, {.rtm_family = family}};
    if (send(fd, &request, sizeof request, 0) != (ssize_t)sizeof request) return -1;
    int count = 0;
    for (;;) {
        static _Thread_local char answer[32768] __attribute__((aligned(NLMSG_ALIGNTO)));
        ssize_t received = recv(fd, answer, sizeof answer, 0);
        if (received <= 0) return -1;
        int size = (int)received;
        for (struct nlmsghdr *at = (struct nlmsghdr *)answer; NLMSG_OK(at, size); at = NLMSG_NEXT(at, size)) {
            if (at->nlmsg_type == NLMSG_DONE) return count;
            if (at->nlmsg_type == NLMSG_ERROR) return -1;
            if (at->nlmsg_type == RTM_NEWROUTE && count < capacity && readRoute(&room[count], at)) count++;
        }
    }
}

int vpnext_read_routes(struct vpnext_route *room, int capacity)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) return -1;
    int first = dump(fd, AF_INET, room, capacity);
    int second = first < 0 ? -1 : dump(fd, AF_INET6, room + first, capacity - first);
    close(fd);
    return second < 0 ? -1 : first + second;
}
