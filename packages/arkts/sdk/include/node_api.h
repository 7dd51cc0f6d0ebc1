/* Node's, whose modules register by way of ours: as by napi_module_register, the environment is known before the module is. */
#ifndef VPNEXT_NODE_API_H
#define VPNEXT_NODE_API_H

#include_next <node_api.h>

#ifdef __cplusplus
extern "C" {
#endif
napi_value vpnext_init_module(napi_env env, napi_value exports, napi_addon_register_func own);
#ifdef __cplusplus
}
#endif

#undef NAPI_MODULE_INIT
#define NAPI_MODULE_INIT()                                                                                                  \
    EXTERN_C_START                                                                                                          \
    static napi_value vpnext_own_init(napi_env env, napi_value exports);                                                    \
    NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void) { return NAPI_VERSION; }                               \
    NAPI_MODULE_EXPORT napi_value NAPI_MODULE_INITIALIZER(napi_env env, napi_value exports)                                 \
    {                                                                                                                       \
        return vpnext_init_module(env, exports, vpnext_own_init);                                                           \
    }                                                                                                                       \
    EXTERN_C_END                                                                                                            \
    static napi_value vpnext_own_init(napi_env env, napi_value exports)

#endif
