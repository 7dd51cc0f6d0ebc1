/* Memory of the second stacks of threads. */
#define _GNU_SOURCE
#include "second-stack.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

#define SIZE (64 * 1024)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t ofThread;

static void release(void *memory)
{
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(memory, SIZE);
}

static void makeKey(void) { pthread_key_create(&ofThread, release); }

/* Without it the thread runs as well. */
void vpnext_take_second_stack(void)
{
    pthread_once(&once, makeKey);
    void *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t second = {.ss_sp = memory, .ss_size = SIZE};
    if (pthread_setspecific(ofThread, memory) != 0 || sigaltstack(&second, NULL) != 0) munmap(memory, SIZE);
}
