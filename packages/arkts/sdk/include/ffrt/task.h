/* FFRT: tasks, which threads of their own run when what they depend on is done. */
#ifndef VPNEXT_FFRT_TASK_H
#define VPNEXT_FFRT_TASK_H

#include "type_def.h"

FFRT_C_API int ffrt_task_attr_init(ffrt_task_attr_t *attr);
FFRT_C_API void ffrt_task_attr_destroy(ffrt_task_attr_t *attr);
FFRT_C_API void ffrt_task_attr_set_name(ffrt_task_attr_t *attr, const char *name);
FFRT_C_API const char *ffrt_task_attr_get_name(const ffrt_task_attr_t *attr);
FFRT_C_API void ffrt_task_attr_set_qos(ffrt_task_attr_t *attr, ffrt_qos_t qos);
FFRT_C_API ffrt_qos_t ffrt_task_attr_get_qos(const ffrt_task_attr_t *attr);
/* In microseconds. */
FFRT_C_API void ffrt_task_attr_set_delay(ffrt_task_attr_t *attr, uint64_t delay_us);
FFRT_C_API uint64_t ffrt_task_attr_get_delay(const ffrt_task_attr_t *attr);
FFRT_C_API void ffrt_task_attr_set_queue_priority(ffrt_task_attr_t *attr, ffrt_queue_priority_t priority);
FFRT_C_API ffrt_queue_priority_t ffrt_task_attr_get_queue_priority(const ffrt_task_attr_t *attr);
/* Kept, and without effect. */
FFRT_C_API void ffrt_task_attr_set_stack_size(ffrt_task_attr_t *attr, uint64_t size);
FFRT_C_API uint64_t ffrt_task_attr_get_stack_size(const ffrt_task_attr_t *attr);

FFRT_C_API int ffrt_this_task_update_qos(ffrt_qos_t qos);
FFRT_C_API ffrt_qos_t ffrt_this_task_get_qos(void);
FFRT_C_API uint64_t ffrt_this_task_get_id(void);

FFRT_C_API void *ffrt_alloc_auto_managed_function_storage_base(ffrt_function_kind_t kind);
FFRT_C_API void ffrt_submit_base(ffrt_function_header_t *f, const ffrt_deps_t *in_deps, const ffrt_deps_t *out_deps, const ffrt_task_attr_t *attr);
FFRT_C_API ffrt_task_handle_t ffrt_submit_h_base(ffrt_function_header_t *f, const ffrt_deps_t *in_deps, const ffrt_deps_t *out_deps,
                                                 const ffrt_task_attr_t *attr);
FFRT_C_API void ffrt_submit_f(ffrt_function_t func, void *arg, const ffrt_deps_t *in_deps, const ffrt_deps_t *out_deps, const ffrt_task_attr_t *attr);
FFRT_C_API ffrt_task_handle_t ffrt_submit_h_f(ffrt_function_t func, void *arg, const ffrt_deps_t *in_deps, const ffrt_deps_t *out_deps,
                                              const ffrt_task_attr_t *attr);
FFRT_C_API uint32_t ffrt_task_handle_inc_ref(ffrt_task_handle_t handle);
FFRT_C_API uint32_t ffrt_task_handle_dec_ref(ffrt_task_handle_t handle);
FFRT_C_API void ffrt_task_handle_destroy(ffrt_task_handle_t handle);

/* Until what writes the data, or the tasks, are done. */
FFRT_C_API void ffrt_wait_deps(const ffrt_deps_t *deps);
/* Until all are done that this task or thread has submitted. */
FFRT_C_API void ffrt_wait(void);

#endif
