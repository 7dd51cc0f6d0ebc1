/* References to values of any kind, as on the device: node's refer to objects and symbols alone, so that an object holds what is none. */
#include "wrap.h"

#include <stdint.h>

#define HOLDER ((uintptr_t)1)
#define isHolder(ref) (((uintptr_t)(ref) & HOLDER) != 0)
#define nodesOwn(ref) ((napi_ref)((uintptr_t)(ref) & ~HOLDER))

static const char held[] = "value";

napi_status __real_napi_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref *result);
napi_status __real_napi_get_reference_value(napi_env env, napi_ref ref, napi_value *result);
napi_status __real_napi_delete_reference(napi_env env, napi_ref ref);
napi_status __real_napi_reference_ref(napi_env env, napi_ref ref, uint32_t *result);
napi_status __real_napi_reference_unref(napi_env env, napi_ref ref, uint32_t *result);

napi_status __wrap_napi_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref *result)
{
    napi_value holder;
    napi_valuetype type;
    napi_status status = __real_napi_create_reference(env, value, count, result);
    if (status != napi_invalid_arg || result == NULL || napi_typeof(env, value, &type) != napi_ok) return status;
    status = napi_create_object(env, &holder);
    if (status == napi_ok) status = napi_set_named_property(env, holder, held, value);
    if (status == napi_ok) status = __real_napi_create_reference(env, holder, count, result);
    if (status == napi_ok) *result = (napi_ref)((uintptr_t)*result | HOLDER);
    return status;
}

napi_status __wrap_napi_get_reference_value(napi_env env, napi_ref ref, napi_value *result)
{
    napi_status status = __real_napi_get_reference_value(env, nodesOwn(ref), result);
    if (status != napi_ok || !isHolder(ref) || *result == NULL) return status;
    return napi_get_named_property(env, *result, held, result);
}

napi_status __wrap_napi_delete_reference(napi_env env, napi_ref ref)
{
    if (ref != NULL && vpnext_delete_wrap_reference(env, ref)) return napi_ok;
    return __real_napi_delete_reference(env, nodesOwn(ref));
}

napi_status __wrap_napi_reference_ref(napi_env env, napi_ref ref, uint32_t *result)
{
    return __real_napi_reference_ref(env, nodesOwn(ref), result);
}

napi_status __wrap_napi_reference_unref(napi_env env, napi_ref ref, uint32_t *result)
{
    return __real_napi_reference_unref(env, nodesOwn(ref), result);
}
