/* Callbacks of networks, as NetConnection of the kits gives them: packages/kit/src/connection/net-connection.ts. */
#define _GNU_SOURCE
#include "network/netmanager/net_connection.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SUCCESS 0
#define BAD_PARAMETER 401
#define INTERNAL 2100003
#define NOT_REGISTERED 2101007
#define TOO_MANY 2101022

#define MAX_WATCHES 32
/* Changes come in crowds: what follows within so many ms is told together. */
#define CROWD_MS 20

struct watch {
    /* 0: free. */
    uint32_t id;
    int isDefault;
    NetConn_NetCapabilities wanted;
    NetConn_NetConnCallback callbacks;
    /* ms of the monotonic clock; 0: none. */
    int64_t deadline;
    /* What was told last; netId 0: nothing. */
    NetConn_NetHandle net;
    NetConn_NetCapabilities capabilities;
    NetConn_ConnectionProperties *properties;
};

/* Held while callbacks run, so that none runs once it was unregistered; they may register and unregister themselves. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static struct watch watches[MAX_WATCHES];
static uint32_t lastId = 0;
/* Wakes the thread; -1 while there is none. */
static int wake = -1;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int openEvents(void)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK,
                                  .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE
                                               | RTMGRP_IPV6_ROUTE};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

static int hasAll(const NetConn_NetCapabilities *has, const NetConn_NetCapabilities *wanted)
{
    int found = wanted->bearerTypesSize == 0;
    for (int32_t i = 0; i < wanted->bearerTypesSize; i++) found |= wanted->bearerTypes[i] == has->bearerTypes[0];
    for (int32_t i = 0; found && i < wanted->netCapsSize; i++) {
        found = 0;
        for (int32_t at = 0; at < has->netCapsSize; at++) found |= has->netCaps[at] == wanted->netCaps[i];
    }
    return found;
}

static NetConn_NetHandle choose(const struct watch *watch)
{
    NetConn_NetHandle none = {0};
    NetConn_NetHandleList nets;
    NetConn_NetCapabilities capabilities;
    if (watch->isDefault) return OH_NetConn_GetDefaultNet(&none) == SUCCESS ? none : (NetConn_NetHandle){0};
    if (OH_NetConn_GetAllNets(&nets) != SUCCESS) return none;
    for (int32_t i = 0; i < nets.netHandleListSize; i++) {
        if (OH_NetConn_GetNetCapabilities(&nets.netHandles[i], &capabilities) != SUCCESS) continue;
        if (hasAll(&capabilities, &watch->wanted)) return nets.netHandles[i];
    }
    return none;
}

/* Tells one what has changed for it. A callback may unregister it, and then nothing more is told. */
static void update(struct watch *watch, NetConn_ConnectionProperties *room)
{
    uint32_t id = watch->id;
    NetConn_NetHandle net = choose(watch), before = watch->net;
    NetConn_NetCapabilities capabilities = {0};
    int isKnown = net.netId != 0 && OH_NetConn_GetNetCapabilities(&net, &capabilities) == SUCCESS
                  && OH_NetConn_GetConnectionProperties(&net, room) == SUCCESS;
    int isNew = net.netId != before.netId;
    if (net.netId != 0 && !isKnown) return;
    int otherCapabilities = isNew || memcmp(&capabilities, &watch->capabilities, sizeof capabilities) != 0;
    int otherProperties = isNew || memcmp(room, watch->properties, sizeof *room) != 0;
    watch->net = net;
    watch->capabilities = capabilities;
    if (isKnown) *watch->properties = *room;
    if (isKnown) watch->deadline = 0;
    const NetConn_NetConnCallback callbacks = watch->callbacks;
    if (isNew && before.netId != 0 && callbacks.onNetLost != NULL) callbacks.onNetLost(&before);
    if (!isKnown) return;
    if (watch->id == id && isNew && callbacks.onNetworkAvailable != NULL) callbacks.onNetworkAvailable(&net);
    if (watch->id == id && otherCapabilities && callbacks.onNetCapabilitiesChange != NULL)
        callbacks.onNetCapabilitiesChange(&net, &capabilities);
    if (watch->id == id && otherProperties && callbacks.onConnetionProperties != NULL)
        callbacks.onConnetionProperties(&net, room);
}

static void updateAll(NetConn_ConnectionProperties *room)
{
    for (int i = 0; i < MAX_WATCHES; i++) {
        struct watch *watch = &watches[i];
        if (watch->id == 0) continue;
        update(watch, room);
        if (watch->id == 0 || watch->deadline == 0 || now() < watch->deadline) continue;
        watch->deadline = 0;
        if (watch->callbacks.onNetUnavailable != NULL) watch->callbacks.onNetUnavailable();
    }
}

/* ms until somebody's time is over; -1: nobody waits. */
static int untilDeadline(void)
{
    int64_t first = INT64_MAX;
    for (int i = 0; i < MAX_WATCHES; i++)
        if (watches[i].id != 0 && watches[i].deadline != 0 && watches[i].deadline < first) first = watches[i].deadline;
    if (first == INT64_MAX) return -1;
    int64_t left = first - now();
    return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

static int isEmpty(void)
{
    for (int i = 0; i < MAX_WATCHES; i++)
        if (watches[i].id != 0) return 0;
    return 1;
}

static void drain(int fd)
{
    static _Thread_local char answer[32768];
    for (;;) {
        ssize_t size = recv(fd, answer, sizeof answer, 0);
        /* ENOBUFS: some were lost, and everything is read anew anyway. */
        if (size < 0 && errno != EINTR && errno != ENOBUFS) return;
    }
}

static void *run(void *events)
{
    int fd = (int)(intptr_t)events;
    NetConn_ConnectionProperties *room = malloc(sizeof *room);
    pthread_mutex_lock(&lock);
    while (room != NULL && !isEmpty()) {
        updateAll(room);
        struct pollfd waiting[] = {{.fd = fd, .events = POLLIN}, {.fd = wake, .events = POLLIN}};
        int timeout = untilDeadline();
        pthread_mutex_unlock(&lock);
        if (poll(waiting, 2, timeout) > 0) {
            uint64_t count;
            if (waiting[1].revents != 0) (void)!read(waiting[1].fd, &count, sizeof count);
            else poll(NULL, 0, CROWD_MS);
            drain(fd);
        }
        pthread_mutex_lock(&lock);
    }
    close(fd);
    close(wake);
    wake = -1;
    pthread_mutex_unlock(&lock);
    free(room);
    return NULL;
}

static int start(void)
{
    pthread_t thread;
    int fd = openEvents();
    if (fd < 0) return 0;
    wake = eventfd(0, EFD_CLOEXEC);
    if (wake >= 0 && pthread_create(&thread, NULL, run, (void *)(intptr_t)fd) == 0) {
        pthread_detach(thread);
        return 1;
    }
    if (wake >= 0) close(wake);
    wake = -1;
    close(fd);
    return 0;
}

static void wakeUp(void)
{
    uint64_t one = 1;
    if (wake >= 0) (void)!write(wake, &one, sizeof one);
}

static int32_t add(const struct watch *given, uint32_t *callbackId)
{
    int32_t result = TOO_MANY;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_WATCHES && result == TOO_MANY; i++) {
        if (watches[i].id != 0) continue;
        NetConn_ConnectionProperties *properties = calloc(1, sizeof *properties);
        result = INTERNAL;
        if (properties == NULL) break;
        watches[i] = *given;
        watches[i].id = ++lastId;
        watches[i].properties = properties;
        if (wake < 0 && !start()) {
            free(properties);
            watches[i].id = 0;
            break;
        }
        *callbackId = watches[i].id;
        result = SUCCESS;
        wakeUp();
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int32_t OH_NetConn_RegisterNetConnCallback(NetConn_NetSpecifier *specifier, NetConn_NetConnCallback *netConnCallback,
                                           uint32_t timeout, uint32_t *callbackId)
{
    if (specifier == NULL || netConnCallback == NULL || callbackId == NULL) return BAD_PARAMETER;
    const NetConn_NetCapabilities *caps = &specifier->caps;
    if (caps->netCapsSize < 0 || caps->netCapsSize > NETCONN_MAX_CAP_SIZE || caps->bearerTypesSize < 0
        || caps->bearerTypesSize > NETCONN_MAX_BEARER_TYPE_SIZE)
        return BAD_PARAMETER;
    struct watch watch = {.wanted = *caps, .callbacks = *netConnCallback, .deadline = timeout == 0 ? 0 : now() + timeout};
    return add(&watch, callbackId);
}

int32_t OH_NetConn_RegisterDefaultNetConnCallback(NetConn_NetConnCallback *netConnCallback, uint32_t *callbackId)
{
    if (netConnCallback == NULL || callbackId == NULL) return BAD_PARAMETER;
    struct watch watch = {.isDefault = 1, .callbacks = *netConnCallback};
    return add(&watch, callbackId);
}

int32_t OH_NetConn_UnregisterNetConnCallback(uint32_t callbackId)
{
    int32_t result = NOT_REGISTERED;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_WATCHES; i++) {
        if (callbackId == 0 || watches[i].id != callbackId) continue;
        free(watches[i].properties);
        watches[i] = (struct watch){0};
        result = SUCCESS;
        wakeUp();
    }
    pthread_mutex_unlock(&lock);
    return result;
}
