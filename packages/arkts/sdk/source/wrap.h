/* Native data of objects, whose end may come before the object's. */
#ifndef VPNEXT_WRAP_H
#define VPNEXT_WRAP_H

#include "napi/native_api.h"

/* As napi_wrap, which wants `finalize` and `native`; here both may be NULL. */
napi_status vpnext_wrap(napi_env env, napi_value object, void *native, napi_finalize finalize, void *hint, napi_ref *result);

/* Deletes a reference of napi_wrap or napi_add_finalizer, with what belongs to it; false for any other, which is left alone. */
bool vpnext_delete_wrap_reference(napi_env env, napi_ref ref);

#endif
