/* node's libuv, and what only the device's has: work with an urgency, which is done in the order that node has. */
#ifndef VPNEXT_UV_H
#define VPNEXT_UV_H

#include_next <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    uv_qos_background = 0,
    uv_qos_utility = 1,
    uv_qos_default = 2,
    uv_qos_user_initiated = 3,
    uv_qos_user_interactive = 4,
} uv_qos_t;

static inline int uv_queue_work_with_qos(uv_loop_t *loop, uv_work_t *req, uv_work_cb work_cb, uv_after_work_cb after_work_cb, uv_qos_t qos)
{
    if (qos < uv_qos_background || qos > uv_qos_user_interactive) return UV_EINVAL;
    return uv_queue_work(loop, req, work_cb, after_work_cb);
}

#ifdef __cplusplus
}
#endif

#endif
