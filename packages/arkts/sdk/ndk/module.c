/*
 * What makes of the shims a library that is loaded on its own, ahead of a bundle's: for code that was linked elsewhere, or opens libraries of the NDK by
 * name. As a module it learns of the environment, of which such code need not tell.
 */
#define NAPI_VERSION 9
#define NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT
#include <node_api.h>

static napi_value init(napi_env env, napi_value exports)
{
    (void)env;
    return exports;
}

static napi_module module = {1, 0, "vpnext_ndk", init, "vpnext_ndk", NULL, {0}};

__attribute__((constructor)) static void registerModule(void) { napi_module_register(&module); }
