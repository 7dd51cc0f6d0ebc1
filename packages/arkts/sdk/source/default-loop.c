/*
 * A default loop of libuv that is the library's own, as no JavaScript runs in it on the device either: native code runs it in a thread that it makes.
 * That of the process is node's, and may run in its main thread alone. The linker has the calls come here first.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uv_loop_t loop;
static bool isOpen;

uv_loop_t *__wrap_uv_default_loop(void)
{
    pthread_mutex_lock(&lock);
    if (!isOpen) isOpen = uv_loop_init(&loop) == 0;
    uv_loop_t *result = isOpen ? &loop : NULL;
    pthread_mutex_unlock(&lock);
    return result;
}

int __real_uv_loop_close(uv_loop_t *closed);

/* One that was closed is made anew when it is asked for. */
int __wrap_uv_loop_close(uv_loop_t *closed)
{
    int result = __real_uv_loop_close(closed);
    if (closed != &loop || result != 0) return result;
    pthread_mutex_lock(&lock);
    isOpen = false;
    pthread_mutex_unlock(&lock);
    return result;
}
