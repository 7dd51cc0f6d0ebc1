/*
 * Buffers of the device, which are ArrayBuffers, of 2 MiB at most: so is what ArkTS gets, and what native code takes for one. The length of a typed array
 * is told in bytes there.
 */
#include "napi/native_api.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LENGTH 2097152

static bool isLength(size_t length) { return length > 0 && length <= MAX_LENGTH; }

napi_status __wrap_napi_create_buffer(napi_env env, size_t length, void **data, napi_value *result)
{
    if (data == NULL || !isLength(length)) return napi_invalid_arg;
    return napi_create_arraybuffer(env, length, data, result);
}

napi_status __wrap_napi_create_buffer_copy(napi_env env, size_t length, const void *data, void **copy, napi_value *result)
{
    if (data == NULL || copy == NULL || !isLength(length)) return napi_invalid_arg;
    napi_status status = napi_create_arraybuffer(env, length, copy, result);
    if (status == napi_ok) memcpy(*copy, data, length);
    return status;
}

napi_status __wrap_napi_create_external_buffer(napi_env env, size_t length, void *data, napi_finalize finalize, void *hint, napi_value *result)
{
    if (data == NULL || !isLength(length)) return napi_invalid_arg;
    return napi_create_external_arraybuffer(env, data, length, finalize, hint, result);
}

napi_status __wrap_napi_is_buffer(napi_env env, napi_value value, bool *result) { return napi_is_arraybuffer(env, value, result); }

napi_status __wrap_napi_get_buffer_info(napi_env env, napi_value value, void **data, size_t *length)
{
    bool isBuffer = false;
    napi_status status = napi_is_arraybuffer(env, value, &isBuffer);
    if (status != napi_ok) return status;
    return isBuffer ? napi_get_arraybuffer_info(env, value, data, length) : napi_arraybuffer_expected;
}

static size_t elementSize(napi_typedarray_type type)
{
    switch (type) {
        case napi_int16_array: case napi_uint16_array: return 2;
        case napi_int32_array: case napi_uint32_array: case napi_float32_array: return 4;
        case napi_float64_array: case napi_bigint64_array: case napi_biguint64_array: return 8;
        default: return 1;
    }
}

napi_status __real_napi_get_typedarray_info(napi_env env, napi_value array, napi_typedarray_type *type, size_t *length, void **data,
                                            napi_value *arraybuffer, size_t *offset);
napi_status __wrap_napi_get_typedarray_info(napi_env env, napi_value array, napi_typedarray_type *type, size_t *length, void **data,
                                            napi_value *arraybuffer, size_t *offset)
{
    napi_typedarray_type own;
    if (type == NULL) type = &own;
    napi_status status = __real_napi_get_typedarray_info(env, array, type, length, data, arraybuffer, offset);
    if (status == napi_ok && length != NULL) *length *= elementSize(*type);
    return status;
}
