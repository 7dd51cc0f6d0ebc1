/* Registers a module with node, so that we know of the environment before the module does. */
#include "bundle-facts.h"
#include "uv-callbacks.h"

static napi_module registered;
static napi_addon_register_func ownInit;

static napi_value init(napi_env env, napi_value exports)
{
    if (vpnext_know_loop != NULL) vpnext_know_loop(env);
    if (vpnext_know_bundle != NULL) vpnext_know_bundle(env);
    return ownInit(env, exports);
}

void __real_napi_module_register(napi_module *module);

/* Of several that a library registers node takes the last. */
void __wrap_napi_module_register(napi_module *module)
{
    registered = *module;
    ownInit = module->nm_register_func;
    registered.nm_register_func = init;
    __real_napi_module_register(&registered);
}
