/* Timers of FFRT: tasks that the clock submits. */
#include "ffrt-run.h"
#include "ffrt/timer.h"

#include <stdlib.h>

struct timer {
    struct timer *next;
    int handle;
    uint64_t period, due;
    ffrt_timer_cb callback;
    void *data;
    bool isRepeated, isStopped, isRunning;
    pthread_t thread;
};

static struct timer *timers;
static int lastHandle;

static void onDue(void *data);

static void forget(struct timer *timer)
{
    struct timer **at = &timers;
    while (*at != timer) at = &(*at)->next;
    *at = timer->next;
    free(timer);
}

static void call(void *data)
{
    struct timer *timer = data;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    bool isStopped = timer->isStopped;
    timer->isRunning = !isStopped;
    timer->thread = pthread_self();
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    if (!isStopped) timer->callback(timer->data);
    pthread_mutex_lock(&vpnext_ffrt_lock);
    timer->isRunning = false;
    timer->due += timer->period;
    if (timer->isRepeated && !timer->isStopped) vpnext_wake_at(timer->due, onDue, timer);
    else forget(timer);
    pthread_cond_broadcast(&vpnext_ffrt_done);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
}

static void onDue(void *data)
{
    struct timer *timer = data;
    ffrt_function_header_t *f = timer->isStopped ? NULL : vpnext_function_task(call, timer);
    if (f == NULL) {
        forget(timer);
        return;
    }
    vpnext_set_task(vpnext_task_of(f), NULL);
    vpnext_run_task(vpnext_task_of(f));
}

ffrt_timer_t ffrt_timer_start(ffrt_qos_t qos, uint64_t timeout, void *data, ffrt_timer_cb cb, bool repeat)
{
    (void)qos;
    struct timer *timer = cb == NULL ? NULL : calloc(1, sizeof *timer);
    if (timer == NULL) return ffrt_error;
    uint64_t period = timeout * 1000;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    int handle = lastHandle++;
    *timer = (struct timer){.next = timers, .handle = handle, .period = period, .due = vpnext_ffrt_now() + period, .callback = cb, .data = data,
                            .isRepeated = repeat};
    timers = timer;
    vpnext_wake_at(timer->due, onDue, timer);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return handle;
}

static struct timer *timerOf(int handle)
{
    struct timer *timer = timers;
    while (timer != NULL && timer->handle != handle) timer = timer->next;
    return timer;
}

int ffrt_timer_stop(ffrt_qos_t qos, ffrt_timer_t handle)
{
    (void)qos;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    struct timer *timer = timerOf(handle);
    bool isThere = timer != NULL && !timer->isStopped;
    if (isThere) timer->isStopped = true;
    while (timer != NULL && timer->isRunning && !pthread_equal(timer->thread, pthread_self())) {
        pthread_cond_wait(&vpnext_ffrt_done, &vpnext_ffrt_lock);
        timer = timerOf(handle);
    }
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return isThere ? ffrt_success : ffrt_error;
}
