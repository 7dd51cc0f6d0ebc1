/*
 * What callbacks of libuv may do with Node-API on the device, and not in node: make values without a scope, throw, and leave promises to be gone
 * on with. The linker has those that a library sets come here first (packages/arkts/src/native/wrapped-functions.ts).
 */
#define _GNU_SOURCE
#include "uv-callbacks.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

/* An environment of this library. It stays known after its end, until its loop's memory is another's. */
struct user {
    struct user *next;
    const uv_loop_t *loop;
    napi_env env;
    napi_async_context context;
    bool hasEnded;
    /* Handles that are closed at the end. */
    int closing;
    napi_async_cleanup_hook_handle cleanup;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct user *users;

/* NULL for loops of the library's own. */
static struct user *userOf(const uv_loop_t *loop)
{
    pthread_mutex_lock(&lock);
    struct user *user = users;
    while (user != NULL && user->loop != loop) user = user->next;
    pthread_mutex_unlock(&lock);
    return user;
}

/* Where libuv leaves a handle room; the first of the four is also a descriptor. */
#define OWN(handle) ((handle)->u.reserved[1])
#define OWN_CLOSE(handle) ((handle)->u.reserved[2])
#define OWNER(handle) ((handle)->u.reserved[3])
#define OWN_WORK(req) ((req)->reserved[5])

void __real_uv_close(uv_handle_t *handle, uv_close_cb callback);

static void onClosedAtEnd(uv_handle_t *handle)
{
    struct user *user = userOf(handle->loop);
    if (--user->closing == 0) napi_remove_async_cleanup_hook(user->cleanup);
}

static void closeAtEnd(uv_handle_t *handle, void *data)
{
    struct user *user = data;
    if (OWNER(handle) != &users || uv_is_closing(handle)) return;
    user->closing++;
    __real_uv_close(handle, onClosedAtEnd);
}

/* Handles that a thread of JavaScript leaves behind are the end of the whole process to node. */
static void onEnd(napi_async_cleanup_hook_handle handle, void *data)
{
    struct user *user = data;
    napi_async_destroy(user->env, user->context);
    user->hasEnded = true;
    user->closing = 0;
    user->cleanup = handle;
    uv_walk((uv_loop_t *)user->loop, closeAtEnd, user);
    if (user->closing == 0) napi_remove_async_cleanup_hook(handle);
}

napi_status __real_napi_get_uv_event_loop(napi_env env, struct uv_loop_s **loop);

void vpnext_know_loop(napi_env env)
{
    uv_loop_t *loop;
    napi_value name;
    if (__real_napi_get_uv_event_loop(env, &loop) != napi_ok) return;
    struct user *user = userOf(loop);
    if (user != NULL && !user->hasEnded) return;
    struct user *known = user == NULL ? calloc(1, sizeof *user) : user;
    if (known == NULL || napi_create_string_utf8(env, "uv", NAPI_AUTO_LENGTH, &name) != napi_ok) return;
    if (napi_async_init(env, NULL, name, &known->context) != napi_ok) return;
    known->env = env;
    known->loop = loop;
    if (napi_add_async_cleanup_hook(env, onEnd, known, NULL) != napi_ok) return;
    known->hasEnded = false;
    if (user != NULL) return;
    pthread_mutex_lock(&lock);
    known->next = users;
    users = known;
    pthread_mutex_unlock(&lock);
}

static bool isPending(napi_env env)
{
    bool pending = false;
    return napi_is_exception_pending(env, &pending) == napi_ok && pending;
}

/* One callback, from its begin to its end. */
struct call {
    struct user *user;
    napi_handle_scope scope;
    bool wasPending;
};

/* Not when the environment is gone. */
static bool begin(struct call *call, const uv_loop_t *loop)
{
    *call = (struct call){.user = userOf(loop)};
    if (call->user == NULL) return true;
    if (call->user->hasEnded) return false;
    if (napi_open_handle_scope(call->user->env, &call->scope) != napi_ok) call->scope = NULL;
    call->wasPending = isPending(call->user->env);
    return true;
}

/* Tells what was thrown, which else would fail whatever comes after it, and does what promises wait for. */
static void end(const struct call *call)
{
    const struct user *user = call->user;
    napi_value error;
    napi_callback_scope scope;
    if (user == NULL || call->scope == NULL || user->hasEnded) return;
    if (!call->wasPending && isPending(user->env) && napi_get_and_clear_last_exception(user->env, &error) == napi_ok)
        napi_fatal_exception(user->env, error);
    if (napi_open_callback_scope(user->env, NULL, user->context, &scope) == napi_ok) napi_close_callback_scope(user->env, scope);
    napi_close_handle_scope(user->env, call->scope);
}

/* A function that sets a callback of a handle: the callback's type, its parameters, what is handed on. */
#define WRAP(function, callback_type, parameters, handed, declared, given)                        \
    static void on_##function parameters                                                          \
    {                                                                                             \
        struct call call;                                                                         \
        if (!begin(&call, handle->loop)) return;                                                  \
        ((callback_type)OWN(handle))handed;                                                       \
        end(&call);                                                                               \
    }                                                                                             \
    int __real_##function declared;                                                               \
    int __wrap_##function declared                                                                \
    {                                                                                             \
        callback_type own = callback;                                                             \
        if (callback != NULL) callback = on_##function;                                           \
        int result = __real_##function given;                                                     \
        if (result == 0) OWNER(handle) = &users;                                                  \
        if (result == 0 && own != NULL) OWN(handle) = (void *)own;                                \
        return result;                                                                            \
    }

WRAP(uv_async_init, uv_async_cb, (uv_async_t * handle), (handle), (uv_loop_t * loop, uv_async_t *handle, uv_async_cb callback),
     (loop, handle, callback))
WRAP(uv_timer_start, uv_timer_cb, (uv_timer_t * handle), (handle),
     (uv_timer_t * handle, uv_timer_cb callback, uint64_t timeout, uint64_t repeat), (handle, callback, timeout, repeat))
WRAP(uv_poll_start, uv_poll_cb, (uv_poll_t * handle, int status, int events), (handle, status, events),
     (uv_poll_t * handle, int events, uv_poll_cb callback), (handle, events, callback))
WRAP(uv_idle_start, uv_idle_cb, (uv_idle_t * handle), (handle), (uv_idle_t * handle, uv_idle_cb callback), (handle, callback))
WRAP(uv_prepare_start, uv_prepare_cb, (uv_prepare_t * handle), (handle), (uv_prepare_t * handle, uv_prepare_cb callback), (handle, callback))
WRAP(uv_check_start, uv_check_cb, (uv_check_t * handle), (handle), (uv_check_t * handle, uv_check_cb callback), (handle, callback))
WRAP(uv_read_start, uv_read_cb, (uv_stream_t * handle, ssize_t count, const uv_buf_t *buffer), (handle, count, buffer),
     (uv_stream_t * handle, uv_alloc_cb alloc, uv_read_cb callback), (handle, alloc, callback))
WRAP(uv_udp_recv_start, uv_udp_recv_cb,
     (uv_udp_t * handle, ssize_t count, const uv_buf_t *buffer, const struct sockaddr *from, unsigned flags),
     (handle, count, buffer, from, flags), (uv_udp_t * handle, uv_alloc_cb alloc, uv_udp_recv_cb callback), (handle, alloc, callback))

/* Called also when the environment is gone: it gives memory back. */
static void onClose(uv_handle_t *handle)
{
    struct call call;
    bool isThere = begin(&call, handle->loop);
    ((uv_close_cb)OWN_CLOSE(handle))(handle);
    if (isThere) end(&call);
}

void __wrap_uv_close(uv_handle_t *handle, uv_close_cb callback)
{
    OWN_CLOSE(handle) = (void *)callback;
    __real_uv_close(handle, callback == NULL ? NULL : onClose);
}

static void onWork(uv_work_t *req, int status)
{
    struct call call;
    if (!begin(&call, req->loop)) return;
    ((uv_after_work_cb)OWN_WORK(req))(req, status);
    end(&call);
}

int __real_uv_queue_work(uv_loop_t *loop, uv_work_t *req, uv_work_cb work, uv_after_work_cb after);
int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *req, uv_work_cb work, uv_after_work_cb after)
{
    OWN_WORK(req) = (void *)after;
    return __real_uv_queue_work(loop, req, work, after == NULL ? NULL : onWork);
}

/* Of a library that is not registered when it is loaded, the main thread makes the loop known when it asks for it; other threads may ask too. */
napi_status __wrap_napi_get_uv_event_loop(napi_env env, struct uv_loop_s **loop)
{
    if (env != NULL && gettid() == getpid()) vpnext_know_loop(env);
    return __real_napi_get_uv_event_loop(env, loop);
}
