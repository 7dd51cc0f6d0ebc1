/* FFRT: conditions, those of POSIX. */
#ifndef VPNEXT_FFRT_CONDITION_VARIABLE_H
#define VPNEXT_FFRT_CONDITION_VARIABLE_H

#include <time.h>

#include "mutex.h"

FFRT_C_API int ffrt_cond_init(ffrt_cond_t *cond, const ffrt_condattr_t *attr);
FFRT_C_API int ffrt_cond_signal(ffrt_cond_t *cond);
FFRT_C_API int ffrt_cond_broadcast(ffrt_cond_t *cond);
FFRT_C_API int ffrt_cond_wait(ffrt_cond_t *cond, ffrt_mutex_t *mutex);
/* Until a time of CLOCK_REALTIME. */
FFRT_C_API int ffrt_cond_timedwait(ffrt_cond_t *cond, ffrt_mutex_t *mutex, const struct timespec *time_point);
FFRT_C_API int ffrt_cond_destroy(ffrt_cond_t *cond);

#endif
