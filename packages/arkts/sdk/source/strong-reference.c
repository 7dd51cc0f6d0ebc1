/* References that are strong from the first to the last: those of node, counted once. */
#include "napi/native_api.h"

napi_status napi_create_strong_reference(napi_env env, napi_value value, napi_strong_ref *result)
{
    return napi_create_reference(env, value, 1, (napi_ref *)result);
}

napi_status napi_get_strong_reference_value(napi_env env, napi_strong_ref ref, napi_value *result)
{
    return napi_get_reference_value(env, (napi_ref)ref, result);
}

napi_status napi_delete_strong_reference(napi_env env, napi_strong_ref ref)
{
    return napi_delete_reference(env, (napi_ref)ref);
}

napi_status napi_create_strong_sendable_reference(napi_env env, napi_value value, napi_sendable_ref *result)
{
    return napi_create_reference(env, value, 1, (napi_ref *)result);
}

napi_status napi_get_strong_sendable_reference_value(napi_env env, napi_sendable_ref ref, napi_value *result)
{
    return napi_get_reference_value(env, (napi_ref)ref, result);
}

napi_status napi_delete_strong_sendable_reference(napi_env env, napi_sendable_ref ref)
{
    return napi_delete_reference(env, (napi_ref)ref);
}
