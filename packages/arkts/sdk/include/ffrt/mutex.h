/* FFRT: locks, those of POSIX, since each task has a thread. */
#ifndef VPNEXT_FFRT_MUTEX_H
#define VPNEXT_FFRT_MUTEX_H

#include "type_def.h"

FFRT_C_API int ffrt_mutexattr_init(ffrt_mutexattr_t *attr);
FFRT_C_API int ffrt_mutexattr_settype(ffrt_mutexattr_t *attr, int type);
FFRT_C_API int ffrt_mutexattr_gettype(ffrt_mutexattr_t *attr, int *type);
FFRT_C_API int ffrt_mutexattr_destroy(ffrt_mutexattr_t *attr);
FFRT_C_API int ffrt_mutex_init(ffrt_mutex_t *mutex, const ffrt_mutexattr_t *attr);
FFRT_C_API int ffrt_mutex_lock(ffrt_mutex_t *mutex);
FFRT_C_API int ffrt_mutex_unlock(ffrt_mutex_t *mutex);
FFRT_C_API int ffrt_mutex_trylock(ffrt_mutex_t *mutex);
FFRT_C_API int ffrt_mutex_destroy(ffrt_mutex_t *mutex);

#endif
