/*
 * Work and functions of threads that have no name, or a resource that is no object: the device looks at neither. A function of threads that has its own
 * callback need not be a function.
 */
#include "js-thread.h"

#include <stdlib.h>

/* More than the device has begin with one. */
#define MAX_THREADS 128

static napi_status named(napi_env env, napi_value *name)
{
    return *name == NULL ? napi_create_string_utf8(env, "native", NAPI_AUTO_LENGTH, name) : napi_ok;
}

napi_status __real_napi_create_async_work(napi_env env, napi_value resource, napi_value name, napi_async_execute_callback execute,
                                          napi_async_complete_callback complete, void *data, napi_async_work *result);
napi_status __wrap_napi_create_async_work(napi_env env, napi_value resource, napi_value name, napi_async_execute_callback execute,
                                          napi_async_complete_callback complete, void *data, napi_async_work *result)
{
    (void)resource;
    napi_status status = named(env, &name);
    return status == napi_ok ? __real_napi_create_async_work(env, NULL, name, execute, complete, data, result) : status;
}

struct end {
    napi_finalize finalize;
    void *data;
};

/* The last that is called of a function of threads. */
static void finish(napi_env env, void *data, void *context)
{
    struct end end = *(struct end *)data;
    free(data);
    vpnext_count_callbacks(-1);
    if (end.finalize != NULL) end.finalize(env, end.data, context);
}

napi_status __real_napi_create_threadsafe_function(napi_env env, napi_value func, napi_value resource, napi_value name, size_t max_queue_size,
                                                   size_t initial_thread_count, void *finalize_data, napi_finalize finalize, void *context,
                                                   napi_threadsafe_function_call_js call, napi_threadsafe_function *result);
napi_status __wrap_napi_create_threadsafe_function(napi_env env, napi_value func, napi_value resource, napi_value name, size_t max_queue_size,
                                                   size_t initial_thread_count, void *finalize_data, napi_finalize finalize, void *context,
                                                   napi_threadsafe_function_call_js call, napi_threadsafe_function *result)
{
    (void)resource;
    napi_valuetype type = napi_function;
    if (initial_thread_count > MAX_THREADS) return napi_invalid_arg;
    napi_status status = named(env, &name);
    if (status == napi_ok && func != NULL) status = napi_typeof(env, func, &type);
    if (status != napi_ok) return status;
    if (type != napi_function && call != NULL) func = NULL;
    struct end *end = malloc(sizeof *end);
    if (end == NULL) return napi_generic_failure;
    *end = (struct end){finalize, finalize_data};
    status = __real_napi_create_threadsafe_function(env, func, NULL, name, max_queue_size, initial_thread_count, end, finish, context, call, result);
    if (status == napi_ok) vpnext_count_callbacks(1);
    else free(end);
    return status;
}
