/* Callbacks of libuv in the loop of an environment, for module-register.c. */
#ifndef VPNEXT_UV_CALLBACKS_H
#define VPNEXT_UV_CALLBACKS_H

#include "napi/native_api.h"

/* Makes the loop of an environment known; called in its thread. NULL in a library that uses no libuv: the reference is weak. */
__attribute__((weak)) void vpnext_know_loop(napi_env env);

#endif
