/* Calls of global functions of JavaScript. */
#ifndef VPNEXT_CALL_GLOBAL_H
#define VPNEXT_CALL_GLOBAL_H

#include "napi/native_api.h"

/* Calls one with one text. napi_invalid_arg without a text or a place for the result. */
napi_status vpnext_call_global(napi_env env, const char *name, const char *text, napi_value *result);

#endif
