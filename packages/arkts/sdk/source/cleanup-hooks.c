/* Hooks of the end of an environment: one that is added once more is the same, where node ends the process. */
#include "napi/native_api.h"

#include <pthread.h>
#include <stdlib.h>

typedef void (*hook)(void *data);

struct added {
    struct added *next;
    napi_env env;
    hook function;
    void *data;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct added *all;

static struct added *find(napi_env env, hook function, const void *data)
{
    pthread_mutex_lock(&lock);
    struct added *found = all;
    while (found != NULL && (found->env != env || found->function != function || found->data != data)) found = found->next;
    pthread_mutex_unlock(&lock);
    return found;
}

static void forget(struct added *added)
{
    struct added **at = &all;
    pthread_mutex_lock(&lock);
    while (*at != added) at = &(*at)->next;
    *at = added->next;
    pthread_mutex_unlock(&lock);
    free(added);
}

static void onEnd(void *data)
{
    const struct added own = *(struct added *)data;
    forget(data);
    own.function(own.data);
}

napi_status __real_napi_add_env_cleanup_hook(napi_env env, hook function, void *data);
napi_status __wrap_napi_add_env_cleanup_hook(napi_env env, hook function, void *data)
{
    if (env == NULL || function == NULL) return napi_invalid_arg;
    if (find(env, function, data) != NULL) return napi_ok;
    struct added *added = malloc(sizeof *added);
    if (added == NULL) return napi_generic_failure;
    pthread_mutex_lock(&lock);
    *added = (struct added){all, env, function, data};
    all = added;
    pthread_mutex_unlock(&lock);
    return __real_napi_add_env_cleanup_hook(env, onEnd, added);
}

napi_status __real_napi_remove_env_cleanup_hook(napi_env env, hook function, void *data);
napi_status __wrap_napi_remove_env_cleanup_hook(napi_env env, hook function, void *data)
{
    struct added *added = find(env, function, data);
    if (added == NULL) return __real_napi_remove_env_cleanup_hook(env, function, data);
    napi_status status = __real_napi_remove_env_cleanup_hook(env, onEnd, added);
    if (status == napi_ok) forget(added);
    return status;
}
