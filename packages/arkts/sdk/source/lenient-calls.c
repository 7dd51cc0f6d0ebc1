/*
 * Calls of Node-API that the device takes and node refuses, or ends the process for: the linker has them come here first
 * (packages/arkts/src/native/tool-chain-file.ts).
 */
#include "napi/native_api.h"

#include <stdint.h>

napi_status __real_napi_call_function(napi_env env, napi_value recv, napi_value func, size_t argc, const napi_value *argv, napi_value *result);

/* Without a receiver `this` is undefined. */
napi_status __wrap_napi_call_function(napi_env env, napi_value recv, napi_value func, size_t argc, const napi_value *argv, napi_value *result)
{
    if (recv == NULL) napi_get_undefined(env, &recv);
    return __real_napi_call_function(env, recv, func, argc, argv, result);
}

typedef napi_status (*create_error)(napi_env env, napi_value code, napi_value msg, napi_value *result);

/* The code of an error may be a number, as those of kits are. */
static napi_status createError(create_error create, napi_env env, napi_value code, napi_value msg, napi_value *result)
{
    napi_valuetype type;
    if (code == NULL || napi_typeof(env, code, &type) != napi_ok || type != napi_number) return create(env, code, msg, result);
    napi_status status = create(env, NULL, msg, result);
    return status == napi_ok ? napi_set_named_property(env, *result, "code", code) : status;
}

#define CREATE_ERROR(name)                                                                                   \
    napi_status __real_##name(napi_env env, napi_value code, napi_value msg, napi_value *result);            \
    napi_status __wrap_##name(napi_env env, napi_value code, napi_value msg, napi_value *result)             \
    {                                                                                                        \
        return createError(__real_##name, env, code, msg, result);                                           \
    }

CREATE_ERROR(napi_create_error)
CREATE_ERROR(napi_create_type_error)
CREATE_ERROR(napi_create_range_error)

/* One that nobody has made yet is a wrong argument; node takes it for the end of the world. */
#define OF_THREADSAFE_FUNCTION(name, parameters, arguments)       \
    napi_status __real_##name parameters;                         \
    napi_status __wrap_##name parameters                          \
    {                                                             \
        return func == NULL ? napi_invalid_arg : __real_##name arguments; \
    }

OF_THREADSAFE_FUNCTION(napi_call_threadsafe_function,
                       (napi_threadsafe_function func, void *data, napi_threadsafe_function_call_mode mode), (func, data, mode))
OF_THREADSAFE_FUNCTION(napi_acquire_threadsafe_function, (napi_threadsafe_function func), (func))
OF_THREADSAFE_FUNCTION(napi_release_threadsafe_function,
                       (napi_threadsafe_function func, napi_threadsafe_function_release_mode mode), (func, mode))
OF_THREADSAFE_FUNCTION(napi_ref_threadsafe_function, (napi_env env, napi_threadsafe_function func), (env, func))
OF_THREADSAFE_FUNCTION(napi_unref_threadsafe_function, (napi_env env, napi_threadsafe_function func), (env, func))
OF_THREADSAFE_FUNCTION(napi_get_threadsafe_function_context, (napi_threadsafe_function func, void **result), (func, result))
