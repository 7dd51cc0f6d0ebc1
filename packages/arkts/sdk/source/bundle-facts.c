/* Asks bundleManager of the kits when the library is loaded, because threads of native code cannot. */
#include "bundle-facts.h"
#include "bundle/native_interface_bundle.h"
#include "call-global.h"

#include <pthread.h>

/* GET_BUNDLE_INFO_WITH_SIGNATURE_INFO */
#define WITH_SIGNATURE 0x80

/* It takes reading all of the bundle: not for who does not ask. */
#pragma weak OH_NativeBundle_GetAppId
static bool wantsFingerprint(void) { return OH_NativeBundle_GetAppId != NULL; }

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char name[256];
static char fingerprint[80];

static napi_status readText(napi_env env, napi_value object, const char *key, char *room, size_t size)
{
    napi_value text;
    size_t length;
    napi_status status = napi_get_named_property(env, object, key, &text);
    return status == napi_ok ? napi_get_value_string_utf8(env, text, room, size, &length) : status;
}

static napi_status ask(napi_env env)
{
    napi_value manager, get, flags, info, signature;
    napi_status status = vpnext_call_global(env, "loadNativeModule", "@ohos.bundle.bundleManager", &manager);
    if (status == napi_ok) status = napi_get_named_property(env, manager, "getBundleInfoForSelfSync", &get);
    if (status == napi_ok) status = napi_create_int32(env, wantsFingerprint() ? WITH_SIGNATURE : 0, &flags);
    if (status == napi_ok) status = napi_call_function(env, manager, get, 1, &flags, &info);
    if (status == napi_ok && wantsFingerprint()) {
        status = napi_get_named_property(env, info, "signatureInfo", &signature);
        if (status == napi_ok) status = readText(env, signature, "fingerprint", fingerprint, sizeof fingerprint);
    }
    return status == napi_ok ? readText(env, info, "name", name, sizeof name) : status;
}

void vpnext_know_bundle(napi_env env)
{
    bool isPending = false;
    napi_value error;
    pthread_mutex_lock(&lock);
    if (*name == '\0' && ask(env) != napi_ok && napi_is_exception_pending(env, &isPending) == napi_ok && isPending)
        napi_get_and_clear_last_exception(env, &error);
    pthread_mutex_unlock(&lock);
}

const char *vpnext_bundle_name(void) { return name; }
const char *vpnext_bundle_fingerprint(void) { return fingerprint; }
