/* What only the device's Node-API has in types: urgencies and modes. */
#ifndef VPNEXT_NAPI_COMMON_H
#define VPNEXT_NAPI_COMMON_H

#ifndef NAPI_INNER_EXTERN
#define NAPI_INNER_EXTERN __attribute__((__visibility__("default")))
#endif

typedef enum {
    napi_qos_background = 0,
    napi_qos_utility = 1,
    napi_qos_default = 2,
    napi_qos_user_initiated = 3,
} napi_qos_t;

typedef enum {
    napi_event_mode_default = 0,
    napi_event_mode_nowait = 1,
} napi_event_mode;

typedef enum {
    napi_priority_immediate = 0,
    napi_priority_high = 1,
    napi_priority_low = 2,
    napi_priority_idle = 3,
} napi_task_priority;

#endif
