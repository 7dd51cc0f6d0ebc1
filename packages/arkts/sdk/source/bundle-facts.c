/* Asks bundleManager of the kits, in the thread of JavaScript: when ArkTS loads the library, else when somebody wants to know. */
#include "bundle-facts.h"
#include "bundle/native_interface_bundle.h"
#include "call-global.h"
#include "js-thread.h"

#include <pthread.h>
#include <time.h>

/* GET_BUNDLE_INFO_WITH_SIGNATURE_INFO */
#define WITH_SIGNATURE 0x80

/* It takes reading all of the bundle: not for who does not ask. */
#ifdef VPNEXT_NDK
/* All of ours are there, whoever wants which. */
static _Atomic bool isFingerprintWanted;
static bool wantsFingerprint(void) { return isFingerprintWanted; }
#else
#pragma weak OH_NativeBundle_GetAppId
static bool wantsFingerprint(void) { return OH_NativeBundle_GetAppId != NULL; }
#endif

/* That thread may wait for the one that asks. */
#define PATIENCE_S 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static _Atomic bool isAnswered;
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
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok) return;
    pthread_mutex_lock(&lock);
    bool isLacking = *name == '\0' || (wantsFingerprint() && *fingerprint == '\0');
    if (isLacking && ask(env) != napi_ok && napi_is_exception_pending(env, &isPending) == napi_ok && isPending)
        napi_get_and_clear_last_exception(env, &error);
    isAnswered = true;
    pthread_cond_broadcast(&answered);
    pthread_mutex_unlock(&lock);
    napi_close_handle_scope(env, scope);
}

static void answer(napi_env env, void *data)
{
    (void)data;
    vpnext_know_bundle(env);
}

static void wantToKnow(void)
{
    struct timespec end;
    napi_env env = vpnext_own_env();
    if (isAnswered) return;
    if (env != NULL) vpnext_know_bundle(env);
    if (env != NULL || !vpnext_call_js(answer, NULL)) return;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&lock);
    while (!isAnswered && pthread_cond_timedwait(&answered, &lock, &end) == 0) {}
    pthread_mutex_unlock(&lock);
}

const char *vpnext_bundle_name(void)
{
    wantToKnow();
    return name;
}

const char *vpnext_bundle_fingerprint(void)
{
#ifdef VPNEXT_NDK
    if (!isFingerprintWanted) {
        isFingerprintWanted = true;
        isAnswered = false;
    }
#endif
    wantToKnow();
    return fingerprint;
}
