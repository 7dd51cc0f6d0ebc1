/* Locks, conditions and pauses of FFRT, where each task has a thread. */
#define _GNU_SOURCE
#include "ffrt/condition_variable.h"
#include "ffrt/sleep.h"

#include <pthread.h>
#include <sched.h>

_Static_assert(sizeof(pthread_mutex_t) <= sizeof(ffrt_mutex_t) && sizeof(pthread_cond_t) <= sizeof(ffrt_cond_t), "room of POSIX's");

#define mutexOf(mutex) ((pthread_mutex_t *)(mutex))
#define condOf(cond) ((pthread_cond_t *)(cond))

int ffrt_mutexattr_init(ffrt_mutexattr_t *attr)
{
    if (attr == NULL) return ffrt_error_inval;
    attr->storage = ffrt_mutex_default;
    return ffrt_success;
}
int ffrt_mutexattr_settype(ffrt_mutexattr_t *attr, int type)
{
    if (attr == NULL || (type != ffrt_mutex_normal && type != ffrt_mutex_recursive)) return ffrt_error_inval;
    attr->storage = type;
    return ffrt_success;
}
int ffrt_mutexattr_gettype(ffrt_mutexattr_t *attr, int *type)
{
    if (attr == NULL || type == NULL) return ffrt_error_inval;
    *type = (int)attr->storage;
    return ffrt_success;
}
int ffrt_mutexattr_destroy(ffrt_mutexattr_t *attr) { return attr == NULL ? ffrt_error_inval : ffrt_success; }

int ffrt_mutex_init(ffrt_mutex_t *mutex, const ffrt_mutexattr_t *attr)
{
    pthread_mutexattr_t own;
    if (mutex == NULL) return ffrt_error_inval;
    pthread_mutexattr_init(&own);
    if (attr != NULL && attr->storage == ffrt_mutex_recursive) pthread_mutexattr_settype(&own, PTHREAD_MUTEX_RECURSIVE);
    int failed = pthread_mutex_init(mutexOf(mutex), &own);
    pthread_mutexattr_destroy(&own);
    return failed;
}
int ffrt_mutex_lock(ffrt_mutex_t *mutex) { return mutex == NULL ? ffrt_error_inval : pthread_mutex_lock(mutexOf(mutex)); }
int ffrt_mutex_unlock(ffrt_mutex_t *mutex) { return mutex == NULL ? ffrt_error_inval : pthread_mutex_unlock(mutexOf(mutex)); }
int ffrt_mutex_trylock(ffrt_mutex_t *mutex) { return mutex == NULL ? ffrt_error_inval : pthread_mutex_trylock(mutexOf(mutex)); }
int ffrt_mutex_destroy(ffrt_mutex_t *mutex) { return mutex == NULL ? ffrt_error_inval : pthread_mutex_destroy(mutexOf(mutex)); }

int ffrt_cond_init(ffrt_cond_t *cond, const ffrt_condattr_t *attr)
{
    (void)attr;
    return cond == NULL ? ffrt_error_inval : pthread_cond_init(condOf(cond), NULL);
}
int ffrt_cond_signal(ffrt_cond_t *cond) { return cond == NULL ? ffrt_error_inval : pthread_cond_signal(condOf(cond)); }
int ffrt_cond_broadcast(ffrt_cond_t *cond) { return cond == NULL ? ffrt_error_inval : pthread_cond_broadcast(condOf(cond)); }
int ffrt_cond_wait(ffrt_cond_t *cond, ffrt_mutex_t *mutex)
{
    return cond == NULL || mutex == NULL ? ffrt_error_inval : pthread_cond_wait(condOf(cond), mutexOf(mutex));
}
int ffrt_cond_timedwait(ffrt_cond_t *cond, ffrt_mutex_t *mutex, const struct timespec *time_point)
{
    if (cond == NULL || mutex == NULL || time_point == NULL) return ffrt_error_inval;
    return pthread_cond_timedwait(condOf(cond), mutexOf(mutex), time_point);
}
int ffrt_cond_destroy(ffrt_cond_t *cond) { return cond == NULL ? ffrt_error_inval : pthread_cond_destroy(condOf(cond)); }

int ffrt_usleep(uint64_t usec)
{
    struct timespec left = {.tv_sec = (time_t)(usec / 1000000), .tv_nsec = (long)(usec % 1000000) * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
    return ffrt_success;
}
void ffrt_yield(void) { sched_yield(); }
