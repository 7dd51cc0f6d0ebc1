/* Threads of POSIX, which native code makes: each gets a second stack. The linker has them come here first. */
#include "second-stack.h"

#include <pthread.h>
#include <stdlib.h>

struct start {
    void *(*routine)(void *);
    void *argument;
};

static void *run(void *given)
{
    struct start start = *(struct start *)given;
    free(given);
    vpnext_take_second_stack();
    return start.routine(start.argument);
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return __real_pthread_create(thread, attributes, routine, argument);
    *start = (struct start){routine, argument};
    int result = __real_pthread_create(thread, attributes, run, start);
    if (result != 0) free(start);
    return result;
}
