/* FFRT: pauses of a task. */
#ifndef VPNEXT_FFRT_SLEEP_H
#define VPNEXT_FFRT_SLEEP_H

#include "type_def.h"

FFRT_C_API int ffrt_usleep(uint64_t usec);
FFRT_C_API void ffrt_yield(void);

#endif
