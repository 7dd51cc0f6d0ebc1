/*
 * Says in the log where native code has crashed, before the process ends by the signal as it would have. Linked into every
 * module; the first that is loaded takes the handlers. A library with handlers of its own, as a core in Go, is asked first: what it goes on after
 * is no crash.
 */
#define _GNU_SOURCE
#include "crash-scene.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <node_api.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* Tells the module that has taken the handlers to those that come after. */
#define TAKEN "VPNEXT_CRASH_REPORT"

static const int reported[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
#define COUNT (sizeof reported / sizeof *reported)
/* Where the handler runs when the main thread has used up its own stack. */
static char ownStack[64 * 1024];
static struct sigaction former[COUNT];
static volatile sig_atomic_t reporting;
/* The thread whose fault a library's handler is asked about, 0 for none, and that fault. */
static _Atomic pid_t asking;
static struct crash_scene asked;

static void tell(const struct crash_scene *scene)
{
    if (reporting) return;
    reporting = 1;
    vpnext_tell_crash(scene);
}

static bool isFunction(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) != 0 ? action->sa_sigaction != NULL
                                                : action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

/* Of the former handlers those of node go on after faults of WebAssembly alone. */
static bool isOfNode(const struct sigaction *action)
{
    Dl_info node, handler;
    return dladdr((void *)napi_get_undefined, &node) != 0 && dladdr((void *)action->sa_sigaction, &handler) != 0
        && node.dli_fbase == handler.dli_fbase;
}

/* The instruction is run again, and ends the process; one that was sent has no instruction, and a trap is behind it. */
static void end(int number, const siginfo_t *details)
{
    signal(number, SIG_DFL);
    if (details->si_code <= 0 || number == SIGTRAP) raise(number);
}

static void passOn(const struct sigaction *next, int number, siginfo_t *details, void *context)
{
    if (!isFunction(next)) end(number, details);
    else if ((next->sa_flags & SA_SIGINFO) != 0) next->sa_sigaction(number, details, context);
    else next->sa_handler(number);
}

/* Has a library of the bundle decide. If it gives up, it sends the signal once more, or leaves the default action to it. */
static void ask(const struct sigaction *next, const struct crash_scene *scene, siginfo_t *details, void *context)
{
    struct sigaction now;
    pid_t none = 0, self = gettid();
    /* Left over when a handler did not return, but went on elsewhere. */
    if (asking == self) asking = 0;
    if (atomic_compare_exchange_strong(&asking, &none, self)) asked = *scene;
    passOn(next, scene->number, details, context);
    if (asking != self) return;
    if (sigaction(scene->number, NULL, &now) == 0 && !isFunction(&now)) tell(&asked);
    asking = 0;
}

static void onSignal(int number, siginfo_t *details, void *context)
{
    size_t index = 0;
    while (index < COUNT - 1 && reported[index] != number) index++;
    const struct sigaction *next = &former[index];
    if (details->si_code <= 0 && asking == gettid() && asked.number == number) {
        tell(&asked);
        end(number, details);
        return;
    }
    struct crash_scene scene;
    bool isNative = vpnext_note_crash(&scene, number, details, context);
    if (isNative && !reporting && details->si_code > 0 && isFunction(next) && !isOfNode(next)) {
        ask(next, &scene, details, context);
        return;
    }
    if (isNative) tell(&scene);
    passOn(next, number, details, context);
}

/* Named on the linker's command line, so that the archive's member is taken. */
void vpnext_crash_report(void) {}

__attribute__((constructor)) static void takeHandlers(void)
{
    if (getenv(TAKEN) != NULL) return;
    setenv(TAKEN, "1", 1);
    /* The first call loads a library, which a handler must not. */
    void *frame;
    backtrace(&frame, 1);
    stack_t other = {.ss_sp = ownStack, .ss_size = sizeof ownStack};
    sigaltstack(&other, NULL);
    struct sigaction action = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < COUNT; i++) sigaction(reported[i], &action, &former[i]);
}
