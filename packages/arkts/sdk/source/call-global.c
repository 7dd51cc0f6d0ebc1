#include "call-global.h"

napi_status vpnext_call_global(napi_env env, const char *name, const char *text, napi_value *result)
{
    napi_value global, function, argument;
    if (text == NULL || result == NULL) return napi_invalid_arg;
    napi_status status = napi_get_global(env, &global);
    if (status == napi_ok) status = napi_get_named_property(env, global, name, &function);
    if (status == napi_ok) status = napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &argument);
    if (status == napi_ok) status = napi_call_function(env, global, function, 1, &argument, result);
    return status;
}
