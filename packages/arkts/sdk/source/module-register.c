/* Registers a module with node, so that we know of the environment before the module does. */
#define NAPI_VERSION 9
#define _GNU_SOURCE
#include "bundle-facts.h"
#include "js-thread.h"
#include "uv-callbacks.h"

#include <dlfcn.h>
#include <string.h>

static napi_module registered;
static napi_addon_register_func ownInit;

napi_value vpnext_init_module(napi_env env, napi_value exports, napi_addon_register_func own)
{
    if (vpnext_know_loop != NULL) vpnext_know_loop(env);
    vpnext_know_js_thread(env);
    if (vpnext_know_bundle != NULL) vpnext_know_bundle(env);
    return own(env, exports);
}

static napi_value init(napi_env env, napi_value exports) { return vpnext_init_module(env, exports, ownInit); }

void __real_napi_module_register(napi_module *module);

/* Of several that a library registers node takes the last. */
void __wrap_napi_module_register(napi_module *module)
{
    registered = *module;
    ownInit = module->nm_register_func;
    registered.nm_register_func = init;
    __real_napi_module_register(&registered);
}

static const char *fileName(const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Whether it is this library that is loaded, and not one that is linked with it: the loader looks for the symbol below in both. */
static bool isLoaded(napi_env env)
{
    Dl_info own;
    const char *loaded = NULL;
    if (node_api_get_module_file_name(env, &loaded) != napi_ok || dladdr(&registered, &own) == 0) return false;
    /* Who loads it by hand need not tell the name. */
    return *loaded == '\0' || strcmp(fileName(own.dli_fname), fileName(loaded)) == 0;
}

/*
 * What node looks for in a library that is in the process already, for another that is linked with it or that opened it: its constructors do not run
 * once more. Weak, because modules may have their own.
 */
__attribute__((weak, visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
    if (ownInit != NULL && isLoaded(env)) return init(env, exports);
    napi_throw_error(env, "ERR_DLOPEN_FAILED", "Module did not self-register");
    return NULL;
}
