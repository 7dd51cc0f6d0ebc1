/* Tasks of FFRT: what they are told, what they wait for, and who waits for them. */
#include "ffrt-run.h"

#include <stdlib.h>
#include <string.h>

struct attributes {
    char name[64];
    uint64_t delay, stackSize;
    ffrt_qos_t qos;
    ffrt_queue_priority_t priority;
};
_Static_assert(sizeof(struct attributes) <= sizeof(ffrt_task_attr_t), "room of the attributes");

#define own(attr) ((struct attributes *)(attr))

int ffrt_task_attr_init(ffrt_task_attr_t *attr)
{
    if (attr == NULL) return ffrt_error;
    *own(attr) = (struct attributes){.qos = ffrt_qos_default, .priority = ffrt_queue_priority_low};
    return ffrt_success;
}

void ffrt_task_attr_destroy(ffrt_task_attr_t *attr) { (void)attr; }

void ffrt_task_attr_set_name(ffrt_task_attr_t *attr, const char *name)
{
    if (attr == NULL || name == NULL) return;
    size_t length = strnlen(name, sizeof own(attr)->name - 1);
    memcpy(own(attr)->name, name, length);
    own(attr)->name[length] = '\0';
}
const char *ffrt_task_attr_get_name(const ffrt_task_attr_t *attr) { return attr == NULL ? NULL : own(attr)->name; }

#define ATTRIBUTE(type, name, member, none)                                                               \
    void ffrt_task_attr_set_##name(ffrt_task_attr_t *attr, type value) { if (attr != NULL) own(attr)->member = value; } \
    type ffrt_task_attr_get_##name(const ffrt_task_attr_t *attr) { return attr == NULL ? none : own(attr)->member; }
ATTRIBUTE(ffrt_qos_t, qos, qos, ffrt_qos_default)
ATTRIBUTE(uint64_t, delay, delay, 0)
ATTRIBUTE(uint64_t, stack_size, stackSize, 0)
ATTRIBUTE(ffrt_queue_priority_t, queue_priority, priority, ffrt_queue_priority_immediate)

int ffrt_this_task_update_qos(ffrt_qos_t qos)
{
    if (vpnext_own_task == NULL || qos < ffrt_qos_inherit || qos > ffrt_qos_user_initiated) return 1;
    vpnext_own_task->qos = qos;
    return 0;
}
ffrt_qos_t ffrt_this_task_get_qos(void) { return vpnext_own_task == NULL ? ffrt_qos_default : vpnext_own_task->qos; }
uint64_t ffrt_this_task_get_id(void) { return vpnext_own_task == NULL ? 0 : vpnext_own_task->id; }

void *ffrt_alloc_auto_managed_function_storage_base(ffrt_function_kind_t kind)
{
    (void)kind;
    struct vpnext_task *task = calloc(1, sizeof *task);
    if (task == NULL) return NULL;
    task->references = 1;
    return task->storage;
}

struct vpnext_task *vpnext_task_of(ffrt_function_header_t *f)
{
    return (struct vpnext_task *)((unsigned char *)f - offsetof(struct vpnext_task, storage));
}

struct call {
    ffrt_function_header_t header;
    ffrt_function_t function;
    void *argument;
};
_Static_assert(sizeof(struct call) <= ffrt_auto_managed_function_storage_size, "room of a task");

static void callFunction(void *f) { ((struct call *)f)->function(((struct call *)f)->argument); }

ffrt_function_header_t *vpnext_function_task(ffrt_function_t func, void *arg)
{
    struct call *call = func == NULL ? NULL : ffrt_alloc_auto_managed_function_storage_base(ffrt_function_kind_general);
    if (call == NULL) return NULL;
    *call = (struct call){.header = {.exec = callFunction}, .function = func, .argument = arg};
    return &call->header;
}

void vpnext_set_task(struct vpnext_task *task, const ffrt_task_attr_t *attr)
{
    static uint64_t lastId;
    task->id = ++lastId;
    task->qos = ffrt_task_attr_get_qos(attr);
    task->priority = attr == NULL ? ffrt_queue_priority_low : own(attr)->priority;
    task->due = vpnext_ffrt_now() + ffrt_task_attr_get_delay(attr);
}

void vpnext_release_task(struct vpnext_task *task)
{
    if (--task->references > 0) return;
    free(task->in);
    free(task->out);
    free(task->followers);
    free(task);
}

/* What a thread that is no task submits. */
static pthread_key_t ownLevel;
static pthread_once_t once = PTHREAD_ONCE_INIT;
/* Unfinished ones with dependencies, the last first. */
static struct vpnext_task *dependents;

static void releaseLevel(struct vpnext_level *level)
{
    if (--level->references == 0) free(level);
}

static void onThreadEnd(void *level)
{
    pthread_mutex_lock(&vpnext_ffrt_lock);
    releaseLevel(level);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
}

static void makeKey(void) { pthread_key_create(&ownLevel, onThreadEnd); }

static struct vpnext_level *levelOfThread(bool isMade)
{
    pthread_once(&once, makeKey);
    struct vpnext_level *level = pthread_getspecific(ownLevel);
    if (level != NULL || !isMade) return level;
    level = calloc(1, sizeof *level);
    if (level == NULL) abort();
    level->references = 1;
    pthread_setspecific(ownLevel, level);
    return level;
}

/* Another task of this thread is another level. */
void vpnext_leave_level(void)
{
    struct vpnext_level *level = levelOfThread(false);
    if (level == NULL) return;
    pthread_setspecific(ownLevel, NULL);
    releaseLevel(level);
}

static void start(void *data)
{
    struct vpnext_task *task = data;
    if (task->due > vpnext_ffrt_now()) vpnext_wake_at(task->due, start, task);
    else vpnext_run_task(task);
}

void vpnext_task_is_done(struct vpnext_task *task)
{
    struct vpnext_task **at = &dependents;
    task->state = TASK_DONE;
    while (*at != NULL && *at != task) at = &(*at)->nextDependent;
    if (*at != NULL) *at = task->nextDependent;
    for (uint32_t i = 0; i < task->followerCount; i++) {
        if (--task->followers[i]->blockers == 0) start(task->followers[i]);
    }
    if (task->level != NULL) {
        task->level->unfinished--;
        releaseLevel(task->level);
    }
    if (task->queue != NULL) vpnext_queue_goes_on(task->queue);
    vpnext_release_task(task);
    pthread_cond_broadcast(&vpnext_ffrt_done);
}

static ffrt_dependence_t *copy(const ffrt_deps_t *deps, uint32_t *count)
{
    *count = deps == NULL ? 0 : deps->len;
    if (*count == 0) return NULL;
    ffrt_dependence_t *items = malloc(*count * sizeof *items);
    if (items == NULL) abort();
    memcpy(items, deps->items, *count * sizeof *items);
    return items;
}

static bool share(const ffrt_dependence_t *some, uint32_t count, const ffrt_dependence_t *others, uint32_t otherCount)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t at = 0; at < otherCount; at++)
            if (some[i].type == ffrt_dependence_data && others[at].type == ffrt_dependence_data && some[i].ptr == others[at].ptr) return true;
    return false;
}

static void follow(struct vpnext_task *task, struct vpnext_task *before)
{
    struct vpnext_task **followers = realloc(before->followers, (before->followerCount + 1) * sizeof *followers);
    if (followers == NULL) abort();
    before->followers = followers;
    followers[before->followerCount++] = task;
    task->blockers++;
}

/* After what writes what it reads or writes, after what reads what it writes, and after the tasks that it names. */
static void followAll(struct vpnext_task *task)
{
    for (struct vpnext_task *before = dependents; before != NULL; before = before->nextDependent) {
        if (before->level != task->level) continue;
        if (share(before->out, before->outCount, task->in, task->inCount) || share(before->out, before->outCount, task->out, task->outCount)
            || share(before->in, before->inCount, task->out, task->outCount))
            follow(task, before);
    }
    for (uint32_t i = 0; i < task->inCount; i++) {
        struct vpnext_task *before = (struct vpnext_task *)task->in[i].ptr;
        if (task->in[i].type == ffrt_dependence_task && before != NULL && before->state != TASK_DONE) follow(task, before);
    }
}

static struct vpnext_task *submit(ffrt_function_header_t *f, const ffrt_deps_t *in, const ffrt_deps_t *out, const ffrt_task_attr_t *attr, bool isHeld)
{
    if (f == NULL) return NULL;
    struct vpnext_task *task = vpnext_task_of(f);
    struct vpnext_level *level = levelOfThread(true);
    task->in = copy(in, &task->inCount);
    task->out = copy(out, &task->outCount);
    pthread_mutex_lock(&vpnext_ffrt_lock);
    vpnext_set_task(task, attr);
    task->state = TASK_WAITS;
    task->level = level;
    level->references++;
    level->unfinished++;
    if (isHeld) task->references++;
    followAll(task);
    if (task->inCount + task->outCount > 0) {
        task->nextDependent = dependents;
        dependents = task;
    }
    if (task->blockers == 0) start(task);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return task;
}

void ffrt_submit_base(ffrt_function_header_t *f, const ffrt_deps_t *in, const ffrt_deps_t *out, const ffrt_task_attr_t *attr)
{
    submit(f, in, out, attr, false);
}
ffrt_task_handle_t ffrt_submit_h_base(ffrt_function_header_t *f, const ffrt_deps_t *in, const ffrt_deps_t *out, const ffrt_task_attr_t *attr)
{
    return submit(f, in, out, attr, true);
}
void ffrt_submit_f(ffrt_function_t func, void *arg, const ffrt_deps_t *in, const ffrt_deps_t *out, const ffrt_task_attr_t *attr)
{
    submit(vpnext_function_task(func, arg), in, out, attr, false);
}
ffrt_task_handle_t ffrt_submit_h_f(ffrt_function_t func, void *arg, const ffrt_deps_t *in, const ffrt_deps_t *out, const ffrt_task_attr_t *attr)
{
    return submit(vpnext_function_task(func, arg), in, out, attr, true);
}

uint32_t ffrt_task_handle_inc_ref(ffrt_task_handle_t handle)
{
    struct vpnext_task *task = handle;
    if (task == NULL) return 0;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    uint32_t before = task->references++;
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return before;
}
uint32_t ffrt_task_handle_dec_ref(ffrt_task_handle_t handle)
{
    struct vpnext_task *task = handle;
    if (task == NULL) return 0;
    pthread_mutex_lock(&vpnext_ffrt_lock);
    uint32_t before = task->references;
    vpnext_release_task(task);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    return before;
}
void ffrt_task_handle_destroy(ffrt_task_handle_t handle) { ffrt_task_handle_dec_ref(handle); }

static void doNothing(void *nothing) { (void)nothing; }

void ffrt_wait_deps(const ffrt_deps_t *deps)
{
    if (deps == NULL || deps->len == 0) return;
    struct vpnext_task *reader = ffrt_submit_h_f(doNothing, NULL, deps, NULL, NULL);
    pthread_mutex_lock(&vpnext_ffrt_lock);
    while (reader != NULL && reader->state != TASK_DONE) pthread_cond_wait(&vpnext_ffrt_done, &vpnext_ffrt_lock);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
    ffrt_task_handle_destroy(reader);
}

void ffrt_wait(void)
{
    struct vpnext_level *level = levelOfThread(false);
    pthread_mutex_lock(&vpnext_ffrt_lock);
    while (level != NULL && level->unfinished > 0) pthread_cond_wait(&vpnext_ffrt_done, &vpnext_ffrt_lock);
    pthread_mutex_unlock(&vpnext_ffrt_lock);
}
