/* Threads that run tasks of FFRT, as many as there are tasks under way, and one that waits for what is to come later. */
#include "ffrt-run.h"

#include <stdlib.h>
#include <time.h>

/* What has had nothing to do for so long ends. */
#define IDLE_SECONDS 10

pthread_mutex_t vpnext_ffrt_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t vpnext_ffrt_done = PTHREAD_COND_INITIALIZER;
_Thread_local struct vpnext_task *vpnext_own_task;

static pthread_cond_t isReady = PTHREAD_COND_INITIALIZER;
static struct vpnext_task *first, **last = &first;
static unsigned ready, idle;

uint64_t vpnext_ffrt_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void run(struct vpnext_task *task)
{
    ffrt_function_header_t *f = (ffrt_function_header_t *)task->storage;
    task->state = TASK_RUNS;
    vpnext_own_task = task;
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    f->exec(f);
    if (f->destroy != NULL) f->destroy(f);
    pthread_mutex_lock(&vpnext_ffrt_lock);
    vpnext_own_task = NULL;
    vpnext_leave_level();
    vpnext_task_is_done(task);
}

static void *work(void *nothing)
{
    pthread_setname_np(pthread_self(), "OS_FFRT");
    pthread_mutex_lock(&vpnext_ffrt_lock);
    for (;;) {
        struct timespec end;
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += IDLE_SECONDS;
        int failed = 0;
        idle++;
        while (first == NULL && failed == 0) failed = pthread_cond_timedwait(&isReady, &vpnext_ffrt_lock, &end);
        idle--;
        struct vpnext_task *task = first;
        if (task == NULL) break;
        first = task->next;
        if (first == NULL) last = &first;
        ready--;
        run(task);
    }
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return nothing;
}

static void startThread(void *(*function)(void *))
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, function, NULL) == 0) pthread_detach(thread);
}

void vpnext_run_task(struct vpnext_task *task)
{
    task->state = TASK_READY;
    task->next = NULL;
    *last = task;
    last = &task->next;
    if (++ready > idle) startThread(work);
    else pthread_cond_signal(&isReady);
}

struct alarm {
    struct alarm *next;
    uint64_t due;
    void (*wake)(void *data);
    void *data;
};

static struct alarm *alarms;
static pthread_cond_t isSooner;
static bool hasClock;

static void *watch(void *nothing)
{
    pthread_setname_np(pthread_self(), "OS_FFRT_clock");
    pthread_mutex_lock(&vpnext_ffrt_lock);
    for (;;) {
        struct alarm *alarm = alarms;
        if (alarm == NULL) {
            pthread_cond_wait(&isSooner, &vpnext_ffrt_lock);
        } else if (alarm->due > vpnext_ffrt_now()) {
            struct timespec due = {.tv_sec = (time_t)(alarm->due / 1000000), .tv_nsec = (long)(alarm->due % 1000000) * 1000};
            pthread_cond_timedwait(&isSooner, &vpnext_ffrt_lock, &due);
        } else {
            alarms = alarm->next;
            alarm->wake(alarm->data);
            free(alarm);
        }
    }
    return nothing;
}

void vpnext_wake_at(uint64_t due, void (*wake)(void *data), void *data)
{
    struct alarm **at = &alarms, *alarm = malloc(sizeof *alarm);
    if (alarm == NULL) abort();
    while (*at != NULL && (*at)->due <= due) at = &(*at)->next;
    *alarm = (struct alarm){*at, due, wake, data};
    *at = alarm;
    if (!hasClock) {
        pthread_condattr_t monotonic;
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(&isSooner, &monotonic);
        startThread(watch);
        hasClock = true;
    }
    pthread_cond_signal(&isSooner);
}
