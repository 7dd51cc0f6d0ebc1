/* FFRT: timers, whose callbacks run as tasks do. */
#ifndef VPNEXT_FFRT_TIMER_H
#define VPNEXT_FFRT_TIMER_H

#include "type_def.h"

/* In ms. The handle, or ffrt_error. */
FFRT_C_API ffrt_timer_t ffrt_timer_start(ffrt_qos_t qos, uint64_t timeout, void *data, ffrt_timer_cb cb, bool repeat);
/* Once it has returned, no callback runs; 0, or ffrt_error without such a timer. */
FFRT_C_API int ffrt_timer_stop(ffrt_qos_t qos, ffrt_timer_t handle);

#endif
