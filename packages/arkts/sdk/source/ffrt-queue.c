/* Queues of FFRT. */
#include "ffrt-run.h"

#include <stdlib.h>

struct attributes {
    ffrt_qos_t qos;
    uint64_t timeout;
    ffrt_function_header_t *callback;
    int concurrency;
    bool isThread;
};
_Static_assert(sizeof(struct attributes) <= sizeof(ffrt_queue_attr_t), "room of the attributes");

#define own(attr) ((struct attributes *)(attr))

int ffrt_queue_attr_init(ffrt_queue_attr_t *attr)
{
    if (attr == NULL) return ffrt_error;
    *own(attr) = (struct attributes){.qos = ffrt_qos_default, .concurrency = 1};
    return ffrt_success;
}

void ffrt_queue_attr_destroy(ffrt_queue_attr_t *attr) { (void)attr; }

#define ATTRIBUTE(type, name, member, isRight, none)                                                              \
    void ffrt_queue_attr_set_##name(ffrt_queue_attr_t *attr, type value) { if (attr != NULL && isRight) own(attr)->member = value; } \
    type ffrt_queue_attr_get_##name(const ffrt_queue_attr_t *attr) { return attr == NULL ? none : own(attr)->member; }
ATTRIBUTE(ffrt_qos_t, qos, qos, true, ffrt_qos_default)
ATTRIBUTE(uint64_t, timeout, timeout, true, 0)
ATTRIBUTE(ffrt_function_header_t *, callback, callback, true, NULL)
ATTRIBUTE(int, max_concurrency, concurrency, value > 0, 0)
ATTRIBUTE(bool, thread_mode, isThread, true, false)

struct vpnext_queue {
    /* One of its owner, one of each task, one of each time that it is to be woken at. */
    unsigned references;
    ffrt_queue_type_t type;
    int concurrency, running;
    uint64_t count;
    /* When it is woken next; 0: not at all. */
    uint64_t wake;
    /* In the order in which they run when all are due. */
    struct vpnext_task *first, *last;
};

static void release(struct vpnext_queue *queue)
{
    if (--queue->references == 0) free(queue);
}

/* Of a concurrent queue the priority counts first; then who is due first, then who came first. */
static bool comesBefore(const struct vpnext_queue *queue, const struct vpnext_task *task, const struct vpnext_task *other)
{
    if (queue->type == ffrt_queue_concurrent && task->priority != other->priority) return task->priority < other->priority;
    return task->due < other->due;
}

static void add(struct vpnext_queue *queue, struct vpnext_task *task)
{
    struct vpnext_task **at = &queue->first;
    if (queue->last != NULL && !comesBefore(queue, task, queue->last)) at = &queue->last->next;
    while (*at != NULL && !comesBefore(queue, task, *at)) at = &(*at)->next;
    task->next = *at;
    *at = task;
    if (task->next == NULL) queue->last = task;
    queue->count++;
}

static void takeAway(struct vpnext_queue *queue, struct vpnext_task *task)
{
    struct vpnext_task *before = NULL;
    if (queue->first != task) for (before = queue->first; before->next != task;) before = before->next;
    *(before == NULL ? &queue->first : &before->next) = task->next;
    if (queue->last == task) queue->last = before;
    queue->count--;
}

static void onDue(void *queue);

/* Runs what is due, as far as more may run. */
static void goOn(struct vpnext_queue *queue)
{
    while (queue->running < queue->concurrency) {
        struct vpnext_task *task = queue->first;
        uint64_t now = vpnext_ffrt_now(), soonest = UINT64_MAX;
        for (; task != NULL && task->due > now; task = task->next)
            if (task->due < soonest) soonest = task->due;
        if (task == NULL) {
            if (queue->first == NULL || (queue->wake != 0 && queue->wake <= soonest)) return;
            queue->wake = soonest;
            queue->references++;
            vpnext_wake_at(soonest, onDue, queue);
            return;
        }
        takeAway(queue, task);
        queue->running++;
        vpnext_run_task(task);
    }
}

static void onDue(void *data)
{
    struct vpnext_queue *queue = data;
    if (queue->wake <= vpnext_ffrt_now()) queue->wake = 0;
    goOn(queue);
    release(queue);
}

void vpnext_queue_goes_on(struct vpnext_queue *queue)
{
    queue->running--;
    goOn(queue);
    release(queue);
}

ffrt_queue_t ffrt_queue_create(ffrt_queue_type_t type, const char *name, const ffrt_queue_attr_t *attr)
{
    (void)name;
    if (type != ffrt_queue_serial && type != ffrt_queue_concurrent) return NULL;
    struct vpnext_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL) return NULL;
    *queue = (struct vpnext_queue){.references = 1, .type = type, .concurrency = 1};
    if (type == ffrt_queue_concurrent && attr != NULL) queue->concurrency = own(attr)->concurrency;
    return queue;
}

/* What never runs is told that it is over, without the lock. */
static void drop(struct vpnext_task *task)
{
    ffrt_function_header_t *f = (ffrt_function_header_t *)task->storage;
    if (f->destroy != NULL) f->destroy(f);
    pthread_mutex_lock(&vpnext_ffrt_lock);
    struct vpnext_queue *queue = task->queue;
    task->queue = NULL;
    release(queue);
    /* It never ran. */
    vpnext_task_is_done(task);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
}

void ffrt_queue_destroy(ffrt_queue_t handle)
{
    struct vpnext_queue *queue = handle;
    if (queue == NULL) return;
    bool isWithin = vpnext_own_task != NULL && vpnext_own_task->queue == queue;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    struct vpnext_task *left = queue->first;
    queue->first = queue->last = NULL;
    queue->count = 0;
    /* Nobody cancels what is about to be dropped. */
    for (struct vpnext_task *task = left; task != NULL; task = task->next) task->state = TASK_READY;
    while (!isWithin && queue->running > 0) pthread_cond_wait(&vpnext_ffrt_done, &vpnext_ffrt_lock);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    while (left != NULL) {
        struct vpnext_task *task = left;
        left = task->next;
        drop(task);
    }
    pthread_mutex_lock(&vpnext_ffrt_lock);
    release(queue);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
}

static struct vpnext_task *submit(struct vpnext_queue *queue, ffrt_function_header_t *f, const ffrt_task_attr_t *attr, bool isHeld)
{
    if (queue == NULL || f == NULL) return NULL;
    struct vpnext_task *task = vpnext_task_of(f);
    pthread_mutex_lock(&vpnext_ffrt_lock);
    vpnext_set_task(task, attr);
    task->state = TASK_WAITS;
    task->queue = queue;
    if (isHeld) task->references++;
    queue->references++;
    add(queue, task);
    goOn(queue);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return task;
}

void ffrt_queue_submit(ffrt_queue_t queue, ffrt_function_header_t *f, const ffrt_task_attr_t *attr) { submit(queue, f, attr, false); }
ffrt_task_handle_t ffrt_queue_submit_h(ffrt_queue_t queue, ffrt_function_header_t *f, const ffrt_task_attr_t *attr) { return submit(queue, f, attr, true); }
void ffrt_queue_submit_f(ffrt_queue_t queue, ffrt_function_t func, void *arg, const ffrt_task_attr_t *attr)
{
    if (queue != NULL) submit(queue, vpnext_function_task(func, arg), attr, false);
}
ffrt_task_handle_t ffrt_queue_submit_h_f(ffrt_queue_t queue, ffrt_function_t func, void *arg, const ffrt_task_attr_t *attr)
{
    return queue == NULL ? NULL : submit(queue, vpnext_function_task(func, arg), attr, true);
}

void ffrt_queue_wait(ffrt_task_handle_t handle)
{
    const struct vpnext_task *task = handle;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    while (task != NULL && task->state != TASK_DONE) pthread_cond_wait(&vpnext_ffrt_done, &vpnext_ffrt_lock);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
}

int ffrt_queue_cancel(ffrt_task_handle_t handle)
{
    struct vpnext_task *task = handle;
    if (task == NULL) return -1;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    bool isWaiting = task->queue != NULL && task->state == TASK_WAITS;
    if (isWaiting) takeAway(task->queue, task);
    if (isWaiting) task->state = TASK_READY;
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    if (isWaiting) drop(task);
    return isWaiting ? 0 : -1;
}

uint64_t ffrt_queue_get_task_cnt(ffrt_queue_t handle)
{
    const struct vpnext_queue *queue = handle;
    if (queue == NULL) return 0;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    uint64_t count = queue->count;
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return count;
}
