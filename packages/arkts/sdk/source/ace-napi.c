/* The part of Node-API that only the device has, in terms of node's. */
#define NAPI_VERSION 9
#include "call-global.h"
#include "wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

napi_status napi_queue_async_work_with_qos(napi_env env, napi_async_work work, napi_qos_t qos)
{
    (void)qos;
    return napi_queue_async_work(env, work);
}

napi_status napi_call_threadsafe_function_with_priority(napi_threadsafe_function func, void *data,
                                                        napi_task_priority priority, bool isTail)
{
    (void)priority;
    (void)isTail;
    return napi_call_threadsafe_function(func, data, napi_tsfn_nonblocking);
}

napi_status napi_load_module(napi_env env, const char *path, napi_value *result)
{
    return vpnext_call_global(env, "loadNativeModule", path, result);
}

napi_status napi_load_module_with_info(napi_env env, const char *path, const char *module_info,
                                       napi_value *result)
{
    (void)module_info;
    return vpnext_call_global(env, "loadNativeModule", path, result);
}

#undef node_api_get_module_file_name
napi_status vpnext_get_module_file_name(napi_env env, const char **result)
{
    static const char scheme[] = "file://";
    napi_status status = node_api_get_module_file_name(env, result);
    if (status == napi_ok && strncmp(*result, scheme, sizeof scheme - 1) == 0) *result += sizeof scheme - 1;
    return status;
}

napi_status napi_run_script_path(napi_env env, const char *path, napi_value *result)
{
    (void)env;
    (void)path;
    (void)result;
    return napi_generic_failure;
}

napi_status napi_create_object_with_properties(napi_env env, napi_value *result, size_t property_count,
                                               const napi_property_descriptor *properties)
{
    napi_status status = napi_create_object(env, result);
    if (status != napi_ok) return status;
    return napi_define_properties(env, *result, property_count, properties);
}

napi_status napi_create_object_with_named_properties(napi_env env, napi_value *result, size_t property_count,
                                                     const char **keys, const napi_value *values)
{
    napi_status status = napi_create_object(env, result);
    for (size_t i = 0; i < property_count && status == napi_ok; i++)
        status = napi_set_named_property(env, *result, keys[i], values[i]);
    return status;
}

napi_status napi_throw_business_error(napi_env env, int32_t errorCode, const char *msg)
{
    napi_value code, message, error;
    if (msg == NULL) return napi_invalid_arg;
    napi_status status = napi_create_int32(env, errorCode, &code);
    if (status == napi_ok) status = napi_create_string_utf8(env, msg, NAPI_AUTO_LENGTH, &message);
    if (status == napi_ok) status = napi_create_error(env, NULL, message, &error);
    if (status == napi_ok) status = napi_set_named_property(env, error, "code", code);
    return status == napi_ok ? napi_throw(env, error) : status;
}

napi_status napi_wrap_enhance(napi_env env, napi_value js_object, void *native_object,
                              napi_finalize finalize_cb, bool async_finalizer, void *finalize_hint,
                              size_t native_binding_size, napi_ref *result)
{
    (void)async_finalizer;
    (void)native_binding_size;
    if (env == NULL || native_object == NULL) return napi_invalid_arg;
    return vpnext_wrap(env, js_object, native_object, finalize_cb, finalize_hint, result);
}

napi_status napi_coerce_to_native_binding_object(napi_env env, napi_value js_object,
                                                 napi_native_binding_detach_callback detach_cb,
                                                 napi_native_binding_attach_callback attach_cb,
                                                 void *native_object, void *hint)
{
    (void)detach_cb;
    (void)attach_cb;
    (void)native_object;
    (void)hint;
    napi_valuetype type;
    napi_status status = napi_typeof(env, js_object, &type);
    if (status != napi_ok) return status;
    return type == napi_object || type == napi_function ? napi_ok : napi_object_expected;
}

/* A copied value: the bytes that node's serializer makes. */
struct serialized {
    size_t length;
    unsigned char bytes[];
};

napi_status __real_napi_get_buffer_info(napi_env env, napi_value value, void **data, size_t *length);
napi_status __real_napi_create_buffer_copy(napi_env env, size_t length, const void *data, void **copy, napi_value *result);

/* node:v8, which code of the bundle cannot require. */
static napi_status getSerializer(napi_env env, napi_value *v8)
{
    napi_value global, process, get, name;
    napi_status status = napi_get_global(env, &global);
    if (status == napi_ok) status = napi_get_named_property(env, global, "process", &process);
    if (status == napi_ok) status = napi_get_named_property(env, process, "getBuiltinModule", &get);
    if (status == napi_ok) status = napi_create_string_utf8(env, "node:v8", NAPI_AUTO_LENGTH, &name);
    if (status == napi_ok) status = napi_call_function(env, process, get, 1, &name, v8);
    return status;
}

napi_status napi_serialize(napi_env env, napi_value object, napi_value transfer_list, napi_value clone_list,
                           void **result)
{
    (void)transfer_list;
    (void)clone_list;
    napi_value v8, serialize, buffer;
    void *bytes = NULL;
    size_t length = 0;
    if (result == NULL) return napi_invalid_arg;
    napi_status status = getSerializer(env, &v8);
    if (status == napi_ok) status = napi_get_named_property(env, v8, "serialize", &serialize);
    if (status == napi_ok) status = napi_call_function(env, v8, serialize, 1, &object, &buffer);
    if (status == napi_ok) status = __real_napi_get_buffer_info(env, buffer, &bytes, &length);
    if (status != napi_ok) return status;
    struct serialized *copy = malloc(sizeof *copy + length);
    if (copy == NULL) return napi_generic_failure;
    copy->length = length;
    memcpy(copy->bytes, bytes, length);
    *result = copy;
    return napi_ok;
}

napi_status napi_deserialize(napi_env env, void *buffer, napi_value *object)
{
    const struct serialized *copy = buffer;
    napi_value v8, deserialize, bytes;
    if (copy == NULL || object == NULL) return napi_invalid_arg;
    napi_status status = getSerializer(env, &v8);
    if (status == napi_ok) status = napi_get_named_property(env, v8, "deserialize", &deserialize);
    if (status == napi_ok) status = __real_napi_create_buffer_copy(env, copy->length, copy->bytes, NULL, &bytes);
    if (status == napi_ok) status = napi_call_function(env, v8, deserialize, 1, &bytes, object);
    return status;
}

napi_status napi_delete_serialization_data(napi_env env, void *buffer)
{
    (void)env;
    free(buffer);
    return napi_ok;
}

napi_status napi_create_ark_runtime(napi_env *env)
{
    (void)env;
    return napi_generic_failure;
}

napi_status napi_destroy_ark_runtime(napi_env *env)
{
    (void)env;
    return napi_generic_failure;
}

napi_status napi_run_event_loop(napi_env env, napi_event_mode mode)
{
    (void)env;
    (void)mode;
    return napi_generic_failure;
}

napi_status napi_stop_event_loop(napi_env env)
{
    (void)env;
    return napi_generic_failure;
}

napi_status napi_create_ark_context(napi_env env, napi_env *newEnv)
{
    (void)env;
    (void)newEnv;
    return napi_generic_failure;
}

napi_status napi_switch_ark_context(napi_env env)
{
    (void)env;
    return napi_generic_failure;
}

napi_status napi_destroy_ark_context(napi_env env)
{
    (void)env;
    return napi_generic_failure;
}
