/* Sendable objects of the device, which threads share there: ordinary objects here. */
#include "wrap.h"

napi_status napi_is_sendable(napi_env env, napi_value value, bool *result)
{
    napi_valuetype type;
    if (result == NULL) return napi_invalid_arg;
    napi_status status = napi_typeof(env, value, &type);
    /* Values without an identity are copied between threads, and so may be sent. */
    *result = status == napi_ok && type != napi_object && type != napi_function && type != napi_external;
    return status;
}

napi_status napi_define_sendable_class(napi_env env, const char *utf8name, size_t length,
                                       napi_callback constructor, void *data, size_t property_count,
                                       const napi_property_descriptor *properties, napi_value parent,
                                       napi_value *result)
{
    napi_value global, object, set, prototypes[2];
    napi_status status =
        napi_define_class(env, utf8name, length, constructor, data, property_count, properties, result);
    if (status != napi_ok || parent == NULL) return status;
    /* Object.setPrototypeOf, for what `extends` does: the class and its instances. */
    status = napi_get_global(env, &global);
    if (status == napi_ok) status = napi_get_named_property(env, global, "Object", &object);
    if (status == napi_ok) status = napi_get_named_property(env, object, "setPrototypeOf", &set);
    if (status == napi_ok) {
        napi_value classes[2] = {*result, parent};
        status = napi_call_function(env, object, set, 2, classes, NULL);
    }
    if (status == napi_ok) status = napi_get_named_property(env, *result, "prototype", &prototypes[0]);
    if (status == napi_ok) status = napi_get_named_property(env, parent, "prototype", &prototypes[1]);
    if (status == napi_ok) status = napi_call_function(env, object, set, 2, prototypes, NULL);
    return status;
}

napi_status napi_create_sendable_object_with_properties(napi_env env, size_t property_count,
                                                        const napi_property_descriptor *properties,
                                                        napi_value *result)
{
    return napi_create_object_with_properties(env, result, property_count, properties);
}

napi_status napi_create_sendable_array(napi_env env, napi_value *result)
{
    return napi_create_array(env, result);
}

napi_status napi_create_sendable_array_with_length(napi_env env, size_t length, napi_value *result)
{
    return napi_create_array_with_length(env, length, result);
}

napi_status napi_create_sendable_arraybuffer(napi_env env, size_t byte_length, void **data,
                                             napi_value *result)
{
    return napi_create_arraybuffer(env, byte_length, data, result);
}

napi_status napi_create_sendable_typedarray(napi_env env, napi_typedarray_type type, size_t length,
                                            napi_value arraybuffer, size_t byte_offset, napi_value *result)
{
    return napi_create_typedarray(env, type, length, arraybuffer, byte_offset, result);
}

napi_status napi_wrap_sendable(napi_env env, napi_value js_object, void *native_object,
                               napi_finalize finalize_lib, void *finalize_hint)
{
    if (env == NULL || native_object == NULL) return napi_invalid_arg;
    return vpnext_wrap(env, js_object, native_object, finalize_lib, finalize_hint, NULL);
}

napi_status napi_wrap_sendable_with_size(napi_env env, napi_value js_object, void *native_object,
                                         napi_finalize finalize_lib, void *finalize_hint,
                                         size_t native_binding_size)
{
    (void)native_binding_size;
    if (env == NULL || native_object == NULL) return napi_invalid_arg;
    return vpnext_wrap(env, js_object, native_object, finalize_lib, finalize_hint, NULL);
}

napi_status napi_unwrap_sendable(napi_env env, napi_value js_object, void **result)
{
    return napi_unwrap(env, js_object, result);
}

napi_status napi_remove_wrap_sendable(napi_env env, napi_value js_object, void **result)
{
    return napi_remove_wrap(env, js_object, result);
}
