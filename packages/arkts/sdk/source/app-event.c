/* Events of the application, as hiAppEvent of the kits has them: packages/kit/src/performance/hi-app-event.ts. */
#define _GNU_SOURCE
#include "app-event.h"
#include "ffrt/queue.h"
#include "hilog/log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define MAX_DOMAIN 32
#define MAX_NAME 48
#define MAX_WATCHERS 64
/* Of what nobody takes, the oldest are forgotten. */
#define MAX_KEPT 1000

#define WRONG_EVENT (-1)
#define WRONG_DOMAIN (-4)
#define NO_WATCHER (-5)
#define NOT_ADDED (-6)
#define DISABLED (-99)

struct filter {
    struct filter *next;
    char *domain;
    uint8_t types;
    char **names;
    int count;
};

struct event {
    struct event *next;
    char *domain, *name;
    enum EventType type;
    /* JSON: the parameters, and the whole of it. */
    struct vpnext_text params, all;
};

struct HiAppEvent_Watcher {
    struct HiAppEvent_Watcher *next;
    char *name;
    struct filter *filters;
    OH_HiAppEvent_OnReceive onReceive;
    OH_HiAppEvent_OnTrigger onTrigger;
    int row, size;
    /* What was not taken yet, as JSON, the first first; and what has come since the last trigger. */
    char **events;
    uint32_t count;
    int newRows, newSize;
};

/* Held while callbacks run, so that none runs once its watcher was removed; they may call what is below. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static HiAppEvent_Watcher *watchers;
static ffrt_queue_t queue;
static bool isDisabled;

/* Where a watcher is among those that were added; its end when it is not. */
static HiAppEvent_Watcher **find(const HiAppEvent_Watcher *watcher)
{
    HiAppEvent_Watcher **at = &watchers;
    while (*at != NULL && *at != watcher) at = &(*at)->next;
    return at;
}

static bool isWanted(const HiAppEvent_Watcher *watcher, const struct event *event)
{
    for (const struct filter *filter = watcher->filters; filter != NULL; filter = filter->next) {
        if (strcmp(filter->domain, event->domain) != 0) continue;
        if (filter->types != 0 && (filter->types & 1 << (event->type - 1)) == 0) continue;
        if (filter->count == 0) return true;
        for (int i = 0; i < filter->count; i++)
            if (strcmp(filter->names[i], event->name) == 0) return true;
    }
    return watcher->filters == NULL;
}

static void keep(HiAppEvent_Watcher *watcher, const struct event *event)
{
    if (watcher->count == MAX_KEPT) {
        free(watcher->events[0]);
        memmove(watcher->events, watcher->events + 1, --watcher->count * sizeof *watcher->events);
    }
    char **events = realloc(watcher->events, (watcher->count + 1) * sizeof *events);
    if (events == NULL) return;
    watcher->events = events;
    events[watcher->count++] = strdup(event->all.bytes);
    watcher->newRows++;
    watcher->newSize += (int)event->all.length;
    bool isEnough = (watcher->row > 0 && watcher->newRows >= watcher->row) || (watcher->size > 0 && watcher->newSize >= watcher->size);
    if (!isEnough || watcher->onTrigger == NULL) return;
    int rows = watcher->newRows, size = watcher->newSize;
    watcher->newRows = watcher->newSize = 0;
    watcher->onTrigger(rows, size);
}

static void deliver(void *data)
{
    struct event *event = data;
    HiAppEvent_AppEventInfo info = {event->domain, event->name, event->type, event->params.bytes};
    HiAppEvent_AppEventGroup group = {event->name, &info, 1};
    pthread_mutex_lock(&lock);
    HiAppEvent_Watcher *all[MAX_WATCHERS];
    int count = 0;
    for (HiAppEvent_Watcher *watcher = watchers; watcher != NULL && count < MAX_WATCHERS; watcher = watcher->next) all[count++] = watcher;
    for (int i = 0; i < count; i++) {
        /* A callback may have removed it. */
        if (*find(all[i]) == NULL || !isWanted(all[i], event)) continue;
        if (all[i]->onReceive != NULL) all[i]->onReceive(event->domain, &group, 1);
        else keep(all[i], event);
    }
    pthread_mutex_unlock(&lock);
    free(event->domain);
    free(event->name);
    free(event->params.bytes);
    free(event->all.bytes);
    free(event);
}

static void writeHead(struct event *event)
{
    char facts[160], zone[8];
    struct timespec now;
    struct tm local;
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    strftime(zone, sizeof zone, "%z", &local);
    vpnext_append(&event->all, "{\"domain_\":", 11);
    vpnext_append_json(&event->all, event->domain, MAX_DOMAIN);
    vpnext_append(&event->all, ",\"name_\":", 9);
    vpnext_append_json(&event->all, event->name, MAX_NAME);
    int length = snprintf(facts, sizeof facts, ",\"type_\":%d,\"time_\":%lld,\"tz_\":\"%s\",\"pid_\":%d,\"tid_\":%d", (int)event->type,
                          (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, zone, (int)getpid(), (int)gettid());
    vpnext_append(&event->all, facts, (size_t)length);
}

int OH_HiAppEvent_Write(const char *domain, const char *name, enum EventType type, const ParamList list)
{
    if (isDisabled) return DISABLED;
    if (!vpnext_is_name(domain, MAX_DOMAIN, false)) return WRONG_DOMAIN;
    if (!vpnext_is_name(name, MAX_NAME, true)) return WRONG_EVENT;
    struct event *event = calloc(1, sizeof *event);
    struct vpnext_text members = {NULL, 0};
    if (event == NULL) abort();
    *event = (struct event){.domain = strdup(domain), .name = strdup(name), .type = type};
    int problem = vpnext_write_params(&members, list);
    writeHead(event);
    if (members.length > 0) vpnext_append(&event->all, ",", 1);
    vpnext_append(&event->params, "{", 1);
    vpnext_append(&event->all, members.length > 0 ? members.bytes : "", members.length);
    vpnext_append(&event->params, members.length > 0 ? members.bytes : "", members.length);
    vpnext_append(&event->all, "}", 1);
    vpnext_append(&event->params, "}", 1);
    free(members.bytes);
    OH_LOG_Print(LOG_APP, LOG_INFO, 0, "event", "%{public}s.%{public}s %{public}s", domain, name, event->params.bytes);
    pthread_mutex_lock(&lock);
    if (queue == NULL) queue = ffrt_queue_create(ffrt_queue_serial, "hiappevent", NULL);
    pthread_mutex_unlock(&lock);
    ffrt_queue_submit_f(queue, deliver, event, NULL);
    return problem;
}

bool OH_HiAppEvent_Configure(const char *name, const char *value)
{
    if (name == NULL || value == NULL) return false;
    if (strcmp(name, DISABLE) == 0) {
        bool isTrue = strcasecmp(value, "true") == 0;
        if (!isTrue && strcasecmp(value, "false") != 0) return false;
        isDisabled = isTrue;
        return true;
    }
    if (strcmp(name, MAX_STORAGE) != 0) return false;
    const char *unit = value + strspn(value, "0123456789");
    static const char *const units[] = {"", "b", "k", "kb", "m", "mb", "g", "gb", "t", "tb"};
    for (size_t i = 0; unit != value && i < sizeof units / sizeof *units; i++)
        if (strcasecmp(unit, units[i]) == 0) return true;
    return false;
}

HiAppEvent_Watcher *OH_HiAppEvent_CreateWatcher(const char *name)
{
    HiAppEvent_Watcher *watcher = vpnext_is_name(name, MAX_NAME, true) ? calloc(1, sizeof *watcher) : NULL;
    if (watcher != NULL) watcher->name = strdup(name);
    return watcher;
}

static void forgetEvents(HiAppEvent_Watcher *watcher, uint32_t from)
{
    for (uint32_t i = from; i < watcher->count; i++) free(watcher->events[i]);
    watcher->count = from;
}

void OH_HiAppEvent_DestroyWatcher(HiAppEvent_Watcher *watcher)
{
    if (watcher == NULL) return;
    OH_HiAppEvent_RemoveWatcher(watcher);
    forgetEvents(watcher, 0);
    for (struct filter *filter = watcher->filters; filter != NULL;) {
        struct filter *next = filter->next;
        for (int i = 0; i < filter->count; i++) free(filter->names[i]);
        free(filter->names);
        free(filter->domain);
        free(filter);
        filter = next;
    }
    free(watcher->events);
    free(watcher->name);
    free(watcher);
}

#define SET(function, parameters, statement)           \
    int function parameters                            \
    {                                                  \
        if (watcher == NULL) return NO_WATCHER;        \
        pthread_mutex_lock(&lock);                     \
        statement;                                     \
        pthread_mutex_unlock(&lock);                   \
        return 0;                                      \
    }
SET(OH_HiAppEvent_SetWatcherOnTrigger, (HiAppEvent_Watcher *watcher, OH_HiAppEvent_OnTrigger onTrigger), watcher->onTrigger = onTrigger)
SET(OH_HiAppEvent_SetWatcherOnReceive, (HiAppEvent_Watcher *watcher, OH_HiAppEvent_OnReceive onReceive), watcher->onReceive = onReceive)
SET(OH_HiAppEvent_SetTriggerCondition, (HiAppEvent_Watcher *watcher, int row, int size, int timeOut),
    watcher->row = row; watcher->size = size; (void)timeOut)

int OH_HiAppEvent_SetAppEventFilter(HiAppEvent_Watcher *watcher, const char *domain, uint8_t eventTypes, const char *const *names, int namesLen)
{
    if (watcher == NULL) return NO_WATCHER;
    if (!vpnext_is_name(domain, MAX_DOMAIN, false)) return WRONG_DOMAIN;
    if (namesLen < 0 || (namesLen > 0 && names == NULL)) return WRONG_EVENT;
    for (int i = 0; i < namesLen; i++)
        if (!vpnext_is_name(names[i], MAX_NAME, true)) return WRONG_EVENT;
    struct filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL) abort();
    *filter = (struct filter){.domain = strdup(domain), .types = eventTypes & 0xF, .names = calloc((size_t)namesLen + 1, sizeof(char *)), .count = namesLen};
    for (int i = 0; i < namesLen; i++) filter->names[i] = strdup(names[i]);
    pthread_mutex_lock(&lock);
    filter->next = watcher->filters;
    watcher->filters = filter;
    pthread_mutex_unlock(&lock);
    return 0;
}

/* One of the same name is replaced. */
int OH_HiAppEvent_AddWatcher(HiAppEvent_Watcher *watcher)
{
    if (watcher == NULL) return NO_WATCHER;
    pthread_mutex_lock(&lock);
    HiAppEvent_Watcher **at = &watchers;
    while (*at != NULL && strcmp((*at)->name, watcher->name) != 0) at = &(*at)->next;
    if (*at != NULL) *at = (*at)->next;
    watcher->next = watchers;
    watchers = watcher;
    pthread_mutex_unlock(&lock);
    return 0;
}

int OH_HiAppEvent_RemoveWatcher(HiAppEvent_Watcher *watcher)
{
    if (watcher == NULL) return NO_WATCHER;
    pthread_mutex_lock(&lock);
    HiAppEvent_Watcher **at = find(watcher);
    bool isThere = *at != NULL;
    if (isThere) *at = watcher->next;
    pthread_mutex_unlock(&lock);
    return isThere ? 0 : NOT_ADDED;
}

/* The last ones, when a number of them is wanted. */
int OH_HiAppEvent_TakeWatcherData(HiAppEvent_Watcher *watcher, uint32_t eventNum, OH_HiAppEvent_OnTake onTake)
{
    if (watcher == NULL || onTake == NULL) return NO_WATCHER;
    pthread_mutex_lock(&lock);
    bool isThere = *find(watcher) != NULL;
    if (isThere) {
        uint32_t from = (int32_t)eventNum <= 0 || eventNum > watcher->count ? 0 : watcher->count - eventNum;
        if (watcher->count > from) onTake((const char *const *)watcher->events + from, watcher->count - from);
        forgetEvents(watcher, from);
        watcher->newRows = watcher->newSize = 0;
    }
    pthread_mutex_unlock(&lock);
    return isThere ? 0 : NOT_ADDED;
}

void OH_HiAppEvent_ClearData(void)
{
    pthread_mutex_lock(&lock);
    for (HiAppEvent_Watcher *watcher = watchers; watcher != NULL; watcher = watcher->next) {
        forgetEvents(watcher, 0);
        watcher->newRows = watcher->newSize = 0;
    }
    pthread_mutex_unlock(&lock);
}
