/*
 * Calls of Node-API that the device takes and node refuses, or ends the process for: the linker has them come here first
 * (packages/arkts/src/native/tool-chain-file.ts).
 */
#include "napi/native_api.h"

#include <stdint.h>

napi_status __real_napi_call_function(napi_env env, napi_value recv, napi_value func, size_t argc, const napi_value *argv, napi_value *result);

/* A wrong argument that is to be a function has a status of its own. */
static napi_status ofFunction(napi_env env, napi_value func, napi_status status)
{
    napi_valuetype type;
    if (status != napi_invalid_arg || func == NULL || napi_typeof(env, func, &type) != napi_ok) return status;
    return type == napi_function ? status : napi_function_expected;
}

/* Without a receiver `this` is undefined. */
napi_status __wrap_napi_call_function(napi_env env, napi_value recv, napi_value func, size_t argc, const napi_value *argv, napi_value *result)
{
    if (recv == NULL) napi_get_undefined(env, &recv);
    return ofFunction(env, func, __real_napi_call_function(env, recv, func, argc, argv, result));
}

napi_status __real_napi_new_instance(napi_env env, napi_value constructor, size_t argc, const napi_value *argv, napi_value *result);
napi_status __wrap_napi_new_instance(napi_env env, napi_value constructor, size_t argc, const napi_value *argv, napi_value *result)
{
    return ofFunction(env, constructor, __real_napi_new_instance(env, constructor, argc, argv, result));
}

static bool isObject(napi_env env, napi_value value)
{
    napi_valuetype type;
    return value != NULL && napi_typeof(env, value, &type) == napi_ok && (type == napi_object || type == napi_function || type == napi_external);
}

napi_status __real_napi_instanceof(napi_env env, napi_value object, napi_value constructor, bool *result);
napi_status __wrap_napi_instanceof(napi_env env, napi_value object, napi_value constructor, bool *result)
{
    if (env == NULL || object == NULL || constructor == NULL || result == NULL) return napi_invalid_arg;
    if (!isObject(env, object)) return napi_object_expected;
    napi_status status = ofFunction(env, constructor, napi_invalid_arg);
    return status == napi_function_expected ? status : __real_napi_instanceof(env, object, constructor, result);
}

napi_status __real_napi_create_error(napi_env env, napi_value code, napi_value msg, napi_value *result);

/* The code of an error may be a number, as those of kits are; and each is an Error, whatever it was to be. */
static napi_status createError(napi_env env, napi_value code, napi_value msg, napi_value *result)
{
    napi_valuetype type;
    if (code == NULL || napi_typeof(env, code, &type) != napi_ok || type != napi_number) return __real_napi_create_error(env, code, msg, result);
    napi_status status = __real_napi_create_error(env, NULL, msg, result);
    return status == napi_ok ? napi_set_named_property(env, *result, "code", code) : status;
}

#define CREATE_ERROR(name)                                                                       \
    napi_status __wrap_##name(napi_env env, napi_value code, napi_value msg, napi_value *result) \
    {                                                                                            \
        return createError(env, code, msg, result);                                              \
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
