/* Tasks of FFRT, and the threads and the clock that run them. */
#ifndef VPNEXT_FFRT_RUN_H
#define VPNEXT_FFRT_RUN_H

#define _GNU_SOURCE
#include "ffrt/queue.h"
#include "ffrt/task.h"

#include <pthread.h>
#include <stddef.h>

/* Who submits: a task, or a thread. */
struct vpnext_level {
    unsigned references;
    unsigned unfinished;
};

enum vpnext_task_state { TASK_NEW, TASK_WAITS, TASK_READY, TASK_RUNS, TASK_DONE };

struct vpnext_task {
    uint32_t references;
    enum vpnext_task_state state;
    uint64_t id;
    /* Of the monotonic clock, in µs. */
    uint64_t due;
    ffrt_qos_t qos;
    ffrt_queue_priority_t priority;
    struct vpnext_level *level;
    struct vpnext_queue *queue;
    /* The next that waits, is ready, or is in its queue. */
    struct vpnext_task *next;
    /* Unfinished ones of a level that have dependencies. */
    struct vpnext_task *nextDependent;
    ffrt_dependence_t *in, *out;
    uint32_t inCount, outCount;
    /* Those that begin after this one, and how many this one begins after. */
    struct vpnext_task **followers;
    uint32_t followerCount, blockers;
    _Alignas(16) unsigned char storage[ffrt_auto_managed_function_storage_size];
};

/* Held for all below, and never while code of the module runs. */
extern pthread_mutex_t vpnext_ffrt_lock;
/* Something was done. */
extern pthread_cond_t vpnext_ffrt_done;
extern _Thread_local struct vpnext_task *vpnext_own_task;

uint64_t vpnext_ffrt_now(void);
/* Has a thread run it. */
void vpnext_run_task(struct vpnext_task *task);
/* Calls `wake` with the lock held, at `due` or later. */
void vpnext_wake_at(uint64_t due, void (*wake)(void *data), void *data);
/* What is to be done, with the lock held, once a task was run: ffrt-task.c, ffrt-queue.c. */
void vpnext_leave_level(void);
void vpnext_task_is_done(struct vpnext_task *task);
void vpnext_queue_goes_on(struct vpnext_queue *queue);

struct vpnext_task *vpnext_task_of(ffrt_function_header_t *f);
/* A task that calls a function with an argument. */
ffrt_function_header_t *vpnext_function_task(ffrt_function_t func, void *arg);
void vpnext_set_task(struct vpnext_task *task, const ffrt_task_attr_t *attr);
/* With the lock held. */
void vpnext_release_task(struct vpnext_task *task);

#endif
