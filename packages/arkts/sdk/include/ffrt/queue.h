/* FFRT: queues, whose tasks run one after another, or some at a time. */
#ifndef VPNEXT_FFRT_QUEUE_H
#define VPNEXT_FFRT_QUEUE_H

#include "type_def.h"

typedef enum {
    ffrt_queue_serial,
    ffrt_queue_concurrent,
    ffrt_queue_max,
} ffrt_queue_type_t;
typedef void *ffrt_queue_t;

FFRT_C_API int ffrt_queue_attr_init(ffrt_queue_attr_t *attr);
FFRT_C_API void ffrt_queue_attr_destroy(ffrt_queue_attr_t *attr);
FFRT_C_API void ffrt_queue_attr_set_qos(ffrt_queue_attr_t *attr, ffrt_qos_t qos);
FFRT_C_API ffrt_qos_t ffrt_queue_attr_get_qos(const ffrt_queue_attr_t *attr);
/* Time-outs and what is called at them are kept, and without effect. */
FFRT_C_API void ffrt_queue_attr_set_timeout(ffrt_queue_attr_t *attr, uint64_t timeout_us);
FFRT_C_API uint64_t ffrt_queue_attr_get_timeout(const ffrt_queue_attr_t *attr);
FFRT_C_API void ffrt_queue_attr_set_callback(ffrt_queue_attr_t *attr, ffrt_function_header_t *f);
FFRT_C_API ffrt_function_header_t *ffrt_queue_attr_get_callback(const ffrt_queue_attr_t *attr);
FFRT_C_API void ffrt_queue_attr_set_max_concurrency(ffrt_queue_attr_t *attr, const int max_concurrency);
FFRT_C_API int ffrt_queue_attr_get_max_concurrency(const ffrt_queue_attr_t *attr);
FFRT_C_API void ffrt_queue_attr_set_thread_mode(ffrt_queue_attr_t *attr, bool mode);
FFRT_C_API bool ffrt_queue_attr_get_thread_mode(const ffrt_queue_attr_t *attr);

FFRT_C_API ffrt_queue_t ffrt_queue_create(ffrt_queue_type_t type, const char *name, const ffrt_queue_attr_t *attr);
/* What runs is waited for; what has not begun never does. */
FFRT_C_API void ffrt_queue_destroy(ffrt_queue_t queue);
FFRT_C_API void ffrt_queue_submit(ffrt_queue_t queue, ffrt_function_header_t *f, const ffrt_task_attr_t *attr);
FFRT_C_API ffrt_task_handle_t ffrt_queue_submit_h(ffrt_queue_t queue, ffrt_function_header_t *f, const ffrt_task_attr_t *attr);
FFRT_C_API void ffrt_queue_submit_f(ffrt_queue_t queue, ffrt_function_t func, void *arg, const ffrt_task_attr_t *attr);
FFRT_C_API ffrt_task_handle_t ffrt_queue_submit_h_f(ffrt_queue_t queue, ffrt_function_t func, void *arg, const ffrt_task_attr_t *attr);
FFRT_C_API void ffrt_queue_wait(ffrt_task_handle_t handle);
/* 0, or -1 of what has begun. */
FFRT_C_API int ffrt_queue_cancel(ffrt_task_handle_t handle);
FFRT_C_API uint64_t ffrt_queue_get_task_cnt(ffrt_queue_t queue);

#endif
