/*
 * Wrapping as the device does it, and node refuses: an object may be wrapped again, one that is not wrapped holds NULL, a reference that is asked for is
 * strong, and taking the native data away, or deleting such a reference, finalizes it.
 */
#include "wrap.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

napi_status __real_napi_wrap(napi_env env, napi_value object, void *native, napi_finalize finalize, void *hint, napi_ref *result);
napi_status __real_napi_unwrap(napi_env env, napi_value object, void **result);
napi_status __real_napi_remove_wrap(napi_env env, napi_value object, void **result);
napi_status __real_napi_add_finalizer(napi_env env, napi_value object, void *native, napi_finalize finalize, void *hint, napi_ref *result);
napi_status __real_napi_delete_reference(napi_env env, napi_ref ref);
napi_status __real_napi_get_reference_value(napi_env env, napi_ref ref, napi_value *result);
napi_status __real_napi_reference_ref(napi_env env, napi_ref ref, uint32_t *result);
napi_status __real_napi_reference_unref(napi_env env, napi_ref ref, uint32_t *result);

/* What is to be finalized once, whatever comes first. */
struct data {
    struct data *nextOfNative, *nextOfRef;
    napi_env env;
    void *native;
    napi_finalize finalize;
    void *hint;
    napi_ref ref;
    /* The reference is the module's, who deletes it. */
    bool isGiven;
    bool isWrapped;
};

#define BUCKETS 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct data *ofNative[BUCKETS], *ofRef[BUCKETS];

static size_t bucket(const void *key) { return ((uintptr_t)key >> 4) % BUCKETS; }

static void add(struct data *data)
{
    pthread_mutex_lock(&lock);
    data->nextOfNative = ofNative[bucket(data->native)];
    ofNative[bucket(data->native)] = data;
    data->nextOfRef = ofRef[bucket(data->ref)];
    ofRef[bucket(data->ref)] = data;
    pthread_mutex_unlock(&lock);
}

static void forget(struct data *data)
{
    struct data **at = &ofNative[bucket(data->native)];
    pthread_mutex_lock(&lock);
    while (*at != data) at = &(*at)->nextOfNative;
    *at = data->nextOfNative;
    for (at = &ofRef[bucket(data->ref)]; *at != data;) at = &(*at)->nextOfRef;
    *at = data->nextOfRef;
    pthread_mutex_unlock(&lock);
}

/* What is known of native data; that of an environment comes and goes in its thread alone. */
static struct data *nextOf(struct data *data, napi_env env, const void *native)
{
    pthread_mutex_lock(&lock);
    struct data *found = data == NULL ? ofNative[bucket(native)] : data->nextOfNative;
    while (found != NULL && (found->env != env || found->native != native || !found->isWrapped)) found = found->nextOfNative;
    pthread_mutex_unlock(&lock);
    return found;
}

static struct data *dataOf(napi_env env, napi_value object, const void *native)
{
    napi_value other;
    bool isSame = false;
    for (struct data *data = nextOf(NULL, env, native); data != NULL; data = nextOf(data, env, native)) {
        if (__real_napi_get_reference_value(env, data->ref, &other) != napi_ok || other == NULL) continue;
        if (napi_strict_equals(env, object, other, &isSame) == napi_ok && isSame) return data;
    }
    return NULL;
}

static void finalize(struct data *data)
{
    forget(data);
    napi_ref ref = data->isGiven ? NULL : data->ref;
    if (data->finalize != NULL) data->finalize(data->env, data->native, data->hint);
    if (ref != NULL) __real_napi_delete_reference(data->env, ref);
    free(data);
}

static void onEnd(napi_env env, void *native, void *data)
{
    (void)env;
    (void)native;
    finalize(data);
}

typedef napi_status (*bind_to_object)(napi_env env, napi_value object, void *native, napi_finalize finalize, void *hint, napi_ref *result);

static napi_status bindData(bind_to_object bind, struct data *data, napi_value object, napi_ref *result)
{
    napi_status status = bind(data->env, object, data->native, onEnd, data, &data->ref);
    if (status != napi_ok) {
        free(data);
        return status;
    }
    add(data);
    if (result == NULL) return napi_ok;
    data->isGiven = true;
    *result = data->ref;
    return __real_napi_reference_ref(data->env, data->ref, NULL);
}

static struct data *newData(napi_env env, void *native, napi_finalize finalize, void *hint)
{
    struct data *data = calloc(1, sizeof *data);
    if (data != NULL) *data = (struct data){.env = env, .native = native, .finalize = finalize, .hint = hint};
    return data;
}

/* What an object held before lasts as long as the object. */
static void replaceable(napi_env env, napi_value object, void *native)
{
    struct data *data = dataOf(env, object, native);
    if (__real_napi_remove_wrap(env, object, &native) != napi_ok || data == NULL) return;
    data->isWrapped = false;
    __real_napi_add_finalizer(env, object, native, onEnd, data, NULL);
}

napi_status vpnext_wrap(napi_env env, napi_value object, void *native, napi_finalize finalize, void *hint, napi_ref *result)
{
    void *before;
    if (object != NULL && __real_napi_unwrap(env, object, &before) == napi_ok) replaceable(env, object, before);
    struct data *data = newData(env, native, finalize, hint);
    if (data == NULL) return napi_generic_failure;
    data->isWrapped = true;
    return bindData(__real_napi_wrap, data, object, result);
}

napi_status __wrap_napi_wrap(napi_env env, napi_value object, void *native, napi_finalize finalize, void *hint, napi_ref *result)
{
    if (env == NULL || native == NULL || finalize == NULL) return napi_invalid_arg;
    return vpnext_wrap(env, object, native, finalize, hint, result);
}

napi_status __wrap_napi_add_finalizer(napi_env env, napi_value object, void *native, napi_finalize finalize, void *hint, napi_ref *result)
{
    if (env == NULL || result == NULL || finalize == NULL) return __real_napi_add_finalizer(env, object, native, finalize, hint, result);
    struct data *data = newData(env, native, finalize, hint);
    return data == NULL ? napi_generic_failure : bindData(__real_napi_add_finalizer, data, object, result);
}

/* Of an object that is not wrapped; anything else fails as node says. */
static napi_status nothing(napi_env env, napi_value object, void **result, napi_status status)
{
    napi_valuetype type;
    if (status != napi_invalid_arg || result == NULL || object == NULL || napi_typeof(env, object, &type) != napi_ok) return status;
    *result = NULL;
    return type == napi_object || type == napi_function ? napi_ok : napi_object_expected;
}

napi_status __wrap_napi_unwrap(napi_env env, napi_value object, void **result)
{
    napi_status status = __real_napi_unwrap(env, object, result);
    return status == napi_ok ? status : nothing(env, object, result, status);
}

napi_status __wrap_napi_remove_wrap(napi_env env, napi_value object, void **result)
{
    napi_status status = __real_napi_unwrap(env, object, result);
    if (status != napi_ok) return nothing(env, object, result, status);
    struct data *data = dataOf(env, object, *result);
    status = __real_napi_remove_wrap(env, object, result);
    if (status == napi_ok && data != NULL) finalize(data);
    return status;
}

static struct data *dataOfRef(napi_env env, napi_ref ref)
{
    pthread_mutex_lock(&lock);
    struct data *found = ofRef[bucket(ref)];
    while (found != NULL && (found->ref != ref || found->env != env || !found->isGiven)) found = found->nextOfRef;
    pthread_mutex_unlock(&lock);
    return found;
}

bool vpnext_delete_wrap_reference(napi_env env, napi_ref ref)
{
    uint32_t count = 0;
    napi_value object = NULL;
    void *native;
    struct data *data = dataOfRef(env, ref);
    if (data == NULL) return false;
    data->isGiven = false;
    /* A weak one goes with its object. */
    if (__real_napi_reference_ref(env, ref, NULL) == napi_ok && __real_napi_reference_unref(env, ref, &count) == napi_ok && count == 0) return true;
    if (data->isWrapped && __real_napi_get_reference_value(env, ref, &object) == napi_ok && object != NULL) __real_napi_remove_wrap(env, object, &native);
    finalize(data);
    return true;
}
