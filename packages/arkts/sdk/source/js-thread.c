#define NAPI_VERSION 9
#include "js-thread.h"
#include "hilog/log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct thread {
    pthread_mutex_t lock;
    /* NULL once it has ended. */
    napi_env env;
    pthread_t id;
    napi_threadsafe_function calls;
    /* Of all libraries and threads. */
    _Atomic int callbacks;
};

struct call {
    void (*run)(napi_env env, void *data);
    void *data;
};

/* Tells where the thread is noted down to other libraries, of which ArkTS may have loaded one alone. Its number is of what is noted. */
#define NOTED "VPNEXT_JS_THREAD_1"

static struct thread *noted(void)
{
    static struct thread *_Atomic known;
    void *place = NULL;
    struct thread *thread = known;
    if (thread != NULL) return thread;
    const char *text = getenv(NOTED);
    if (text != NULL && sscanf(text, "%p", &place) == 1) known = place;
    return place;
}

/* Never freed: the library that has made it may be unloaded. */
static struct thread *note(void)
{
    char text[32];
    struct thread *thread = noted();
    if (thread != NULL || (thread = calloc(1, sizeof *thread)) == NULL) return thread;
    pthread_mutex_init(&thread->lock, NULL);
    snprintf(text, sizeof text, "%p", (void *)thread);
    setenv(NOTED, text, 1);
    return thread;
}

napi_status __real_napi_create_threadsafe_function(napi_env env, napi_value func, napi_value async_resource, napi_value async_resource_name,
                                                   size_t max_queue_size, size_t initial_thread_count, void *thread_finalize_data,
                                                   napi_finalize thread_finalize_cb, void *context,
                                                   napi_threadsafe_function_call_js call_js_cb, napi_threadsafe_function *result);
napi_status __real_napi_call_threadsafe_function(napi_threadsafe_function func, void *data, napi_threadsafe_function_call_mode mode);
napi_status __real_napi_unref_threadsafe_function(napi_env env, napi_threadsafe_function func);
napi_status __real_napi_add_env_cleanup_hook(napi_env env, void (*fun)(void *arg), void *arg);

/* What a call has thrown is a line of the log. */
static void tell(napi_env env)
{
    bool isPending = false;
    napi_value error, text;
    char message[512];
    size_t length;
    if (napi_is_exception_pending(env, &isPending) != napi_ok || !isPending) return;
    if (napi_get_and_clear_last_exception(env, &error) != napi_ok || napi_coerce_to_string(env, error, &text) != napi_ok) return;
    if (napi_get_value_string_utf8(env, text, message, sizeof message, &length) != napi_ok) return;
    OH_LOG_Print(LOG_APP, LOG_ERROR, 0, "vpnext", "%{public}s", message);
}

static void run(napi_env env, napi_value function, void *context, void *data)
{
    (void)function;
    (void)context;
    struct call call = *(struct call *)data;
    free(data);
    if (env == NULL) return;
    call.run(env, call.data);
    tell(env);
}

void vpnext_count_callbacks(int difference)
{
    struct thread *thread = noted();
    if (thread != NULL) thread->callbacks += difference;
}

static napi_value countCallbacks(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value count;
    return napi_create_int32(env, noted()->callbacks, &count) == napi_ok ? count : NULL;
}

/* packages/host/src/stage2/last-words.ts asks for their number. */
static void tellCallbacks(napi_env env)
{
    static const char name[] = "vpnext.callbacks";
    napi_value global, symbol;
    if (napi_get_global(env, &global) != napi_ok || node_api_symbol_for(env, name, sizeof name - 1, &symbol) != napi_ok) return;
    napi_property_descriptor function = {.name = symbol, .method = countCallbacks, .attributes = napi_configurable};
    napi_define_properties(env, global, 1, &function);
}

static void forget(void *env)
{
    struct thread *thread = noted();
    pthread_mutex_lock(&thread->lock);
    if (thread->env == env) thread->env = NULL;
    pthread_mutex_unlock(&thread->lock);
}

void vpnext_know_js_thread(napi_env env)
{
    napi_value name;
    struct thread *thread = note();
    if (thread == NULL) return;
    pthread_mutex_lock(&thread->lock);
    if (thread->env == NULL && napi_create_string_utf8(env, "vpnext", NAPI_AUTO_LENGTH, &name) == napi_ok
        && __real_napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL, NULL, NULL, run, &thread->calls) == napi_ok) {
        __real_napi_unref_threadsafe_function(env, thread->calls);
        __real_napi_add_env_cleanup_hook(env, forget, env);
        thread->id = pthread_self();
        thread->env = env;
        tellCallbacks(env);
    }
    pthread_mutex_unlock(&thread->lock);
}

napi_env vpnext_own_env(void)
{
    struct thread *thread = noted();
    return thread != NULL && thread->env != NULL && pthread_equal(thread->id, pthread_self()) ? thread->env : NULL;
}

bool vpnext_call_js(void (*function)(napi_env env, void *data), void *data)
{
    struct thread *thread = noted();
    struct call *call = thread == NULL ? NULL : malloc(sizeof *call);
    if (call == NULL) return false;
    *call = (struct call){function, data};
    pthread_mutex_lock(&thread->lock);
    bool isCalled = thread->env != NULL && __real_napi_call_threadsafe_function(thread->calls, call, napi_tsfn_nonblocking) == napi_ok;
    pthread_mutex_unlock(&thread->lock);
    if (!isCalled) free(call);
    return isCalled;
}
