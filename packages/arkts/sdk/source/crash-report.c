/*
 * Says in the log where native code has crashed, before the process ends by the signal as it would have. Linked into every
 * module; the first that is loaded takes the handlers.
 */
#define _GNU_SOURCE
#include "hilog/log.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#define MAX_FRAMES 32
#define TAG "crash"
/* Tells the module that has taken the handlers to those that come after. */
#define TAKEN "VPNEXT_CRASH_REPORT"

static const int reported[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
#define COUNT (sizeof reported / sizeof *reported)
/* Where the handler runs when the main thread has used up its own stack. */
static char ownStack[64 * 1024];
static struct sigaction former[COUNT];
static volatile sig_atomic_t reporting;

static void *programCounter(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (void *)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (void *)context->uc_mcontext.pc;
#else
    (void)context;
    return NULL;
#endif
}

/* Where a call came from that led nowhere; NULL when that cannot be told. */
static void *returnAddress(const ucontext_t *context)
{
#if defined(__x86_64__)
    uintptr_t stack = (uintptr_t)context->uc_mcontext.gregs[REG_RSP], page = (uintptr_t)sysconf(_SC_PAGESIZE);
    bool isMapped = stack % sizeof(void *) == 0 && msync((void *)(stack & ~(page - 1)), page, MS_ASYNC) == 0;
    return isMapped ? *(void **)stack : NULL;
#elif defined(__aarch64__)
    return (void *)context->uc_mcontext.regs[30];
#else
    (void)context;
    return NULL;
#endif
}

static void describe(char *room, size_t size, void *address)
{
    Dl_info info;
    if (dladdr(address, &info) == 0 || info.dli_fname == NULL) {
        snprintf(room, size, "%p", address);
        return;
    }
    const char *file = strrchr(info.dli_fname, '/');
    uintptr_t offset = (uintptr_t)address - (uintptr_t)info.dli_fbase;
    snprintf(room, size, "%s+0x%lx%s%s", file == NULL ? info.dli_fname : file + 1, (unsigned long)offset,
             info.dli_sname == NULL ? "" : " ", info.dli_sname == NULL ? "" : info.dli_sname);
}

/* Whether an address is in a library of the bundle; one that was opened by its path on the device has that for a name. */
static bool isOfBundle(void *address)
{
    static const char own[] = "/bundle/", device[] = "/data/storage/el1/bundle/";
    Dl_info info;
    if (dladdr(address, &info) == 0 || info.dli_fname == NULL) return false;
    return strncmp(info.dli_fname, own, sizeof own - 1) == 0 || strncmp(info.dli_fname, device, sizeof device - 1) == 0;
}

/* The process went where no code is: by a pointer to a function that is NULL or is none. */
static bool isWildJump(const siginfo_t *details, void *at)
{
    return (details->si_signo == SIGSEGV || details->si_signo == SIGBUS) && details->si_code > 0 && details->si_addr == at;
}

static void report(int number, const siginfo_t *details, void *at, const ucontext_t *context)
{
    char thread[17] = "";
    char place[256];
    char caller[280] = "";
    void *frames[MAX_FRAMES];
    bool isWild = isWildJump(details, at);
    int count = isWild ? 2 : backtrace(frames, MAX_FRAMES);
    if (isWild) {
        /* There is nothing to go back from. */
        frames[0] = at;
        frames[1] = returnAddress(context);
        describe(place, sizeof place, frames[1]);
        snprintf(caller, sizeof caller, ", called by %s", place);
    }
    /* Above what has crashed are this handler and the kernel's way to it. */
    int first = 0;
    while (first < count && frames[first] != at) first++;
    if (first == count) first = 0;
    /* abort() and its like are in the C library; who called them is of interest. */
    for (int i = first; first > 0 && i < count && !isOfBundle(at) && *caller == '\0'; i++) {
        if (!isOfBundle(frames[i])) continue;
        describe(place, sizeof place, frames[i]);
        snprintf(caller, sizeof caller, ", called by %s", place);
    }
    prctl(PR_GET_NAME, thread);
    describe(place, sizeof place, at);
    const char *name = sigabbrev_np(number);
    OH_LOG_Print(LOG_APP, LOG_FATAL, 0, TAG,
                 "SIG%{public}s in native code, address %{public}p, thread %{public}s, at %{public}s%{public}s",
                 name == NULL ? "?" : name, details->si_code <= 0 ? NULL : details->si_addr, thread, place, caller);
    for (int i = first; i < count; i++) {
        describe(place, sizeof place, frames[i]);
        OH_LOG_Print(LOG_APP, LOG_FATAL, 0, TAG, "#%{public}02d %{public}s", i - first, place);
    }
}

static void onSignal(int number, siginfo_t *details, void *context)
{
    size_t index = 0;
    while (index < COUNT - 1 && reported[index] != number) index++;
    Dl_info info;
    void *at = programCounter(context);
    /* Code of no file is JavaScript's or WebAssembly's, whose faults V8 may want. */
    if ((dladdr(at, &info) != 0 || isWildJump(details, at)) && !reporting) {
        reporting = 1;
        report(number, details, at, context);
    }
    const struct sigaction *next = &former[index];
    if ((next->sa_flags & SA_SIGINFO) != 0 && next->sa_sigaction != NULL) {
        next->sa_sigaction(number, details, context);
    } else {
        /* The instruction is run again, and ends the process; one that was sent has no instruction, and a trap is behind it. */
        signal(number, SIG_DFL);
        if (details->si_code <= 0 || number == SIGTRAP) raise(number);
    }
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
