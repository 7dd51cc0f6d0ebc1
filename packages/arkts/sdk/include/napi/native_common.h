/* Short forms for describing properties and for checking what Node-API answers. */
#ifndef VPNEXT_NAPI_NATIVE_COMMON_H
#define VPNEXT_NAPI_NATIVE_COMMON_H

#include "native_api.h"

#define DECLARE_NAPI_PROPERTY(name, val) {(name), NULL, NULL, NULL, NULL, (val), napi_default, NULL}
#define DECLARE_NAPI_FUNCTION(name, func) {(name), NULL, (func), NULL, NULL, NULL, napi_default, NULL}
#define DECLARE_NAPI_FUNCTION_WITH_DATA(name, func, data) \
    {(name), NULL, (func), NULL, NULL, NULL, napi_default, (data)}
#define DECLARE_NAPI_STATIC_PROPERTY(name, val) {(name), NULL, NULL, NULL, NULL, (val), napi_static, NULL}
#define DECLARE_NAPI_STATIC_FUNCTION(name, func) {(name), NULL, (func), NULL, NULL, NULL, napi_static, NULL}
#define DECLARE_NAPI_GETTER(name, getter) {(name), NULL, NULL, (getter), NULL, NULL, napi_default, NULL}
#define DECLARE_NAPI_SETTER(name, setter) {(name), NULL, NULL, NULL, (setter), NULL, napi_default, NULL}
#define DECLARE_NAPI_GETTER_SETTER(name, getter, setter) \
    {(name), NULL, NULL, (getter), (setter), NULL, napi_default, NULL}

/* Properties as those that JavaScript makes. */
#define DECLARE_NAPI_DEFAULT_PROPERTY(name, val) {(name), NULL, NULL, NULL, NULL, (val), napi_default_jsproperty, NULL}
#define DECLARE_NAPI_DEFAULT_PROPERTY_FUNCTION(name, func) {(name), NULL, (func), NULL, NULL, NULL, napi_default_jsproperty, NULL}

#define NAPI_RETVAL_NOTHING

/* Throws what the last call failed with, unless something is being thrown already. */
#define GET_AND_THROW_LAST_ERROR(env)                                                             \
    do {                                                                                          \
        const napi_extended_error_info *vpnextInfo = NULL;                                        \
        bool vpnextPending = false;                                                               \
        napi_get_last_error_info((env), &vpnextInfo);                                             \
        const char *vpnextText = vpnextInfo == NULL ? NULL : vpnextInfo->error_message;           \
        napi_is_exception_pending((env), &vpnextPending);                                         \
        if (!vpnextPending) {                                                                     \
            napi_throw_error((env), NULL, vpnextText == NULL ? "empty error message" : vpnextText); \
        }                                                                                         \
    } while (0)

#define NAPI_ASSERT_BASE(env, assertion, message, retVal)                                  \
    do {                                                                                   \
        if (!(assertion)) {                                                                \
            napi_throw_error((env), NULL, "assertion (" #assertion ") failed: " message);  \
            return retVal;                                                                 \
        }                                                                                  \
    } while (0)
#define NAPI_ASSERT(env, assertion, message) NAPI_ASSERT_BASE(env, assertion, message, NULL)
#define NAPI_ASSERT_RETURN_VOID(env, assertion, message) \
    NAPI_ASSERT_BASE(env, assertion, message, NAPI_RETVAL_NOTHING)

#define NAPI_CALL_BASE(env, theCall, retVal)  \
    do {                                      \
        if ((theCall) != napi_ok) {           \
            GET_AND_THROW_LAST_ERROR((env));  \
            return retVal;                    \
        }                                     \
    } while (0)
#define NAPI_CALL(env, theCall) NAPI_CALL_BASE(env, theCall, NULL)
#define NAPI_CALL_RETURN_VOID(env, theCall) NAPI_CALL_BASE(env, theCall, NAPI_RETVAL_NOTHING)

#endif
