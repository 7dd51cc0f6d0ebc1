#define _GNU_SOURCE
#include "crash-scene.h"
#include "hilog/log.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#define TAG "crash"

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

bool vpnext_note_crash(struct crash_scene *scene, int number, const siginfo_t *details, const void *context)
{
    scene->number = number;
    scene->details = *details;
    scene->at = programCounter(context);
    scene->isWildJump = (number == SIGSEGV || number == SIGBUS) && details->si_code > 0 && details->si_addr == scene->at;
    Dl_info info;
    if (!scene->isWildJump && dladdr(scene->at, &info) == 0) return false;
    if (scene->isWildJump) {
        /* There is nothing to go back from. */
        scene->frames[0] = scene->at;
        scene->frames[1] = returnAddress(context);
        scene->count = 2;
        return true;
    }
    scene->count = backtrace(scene->frames, MAX_FRAMES);
    /* Above what has crashed are the handler and the kernel's way to it. */
    int first = 0;
    while (first < scene->count && scene->frames[first] != scene->at) first++;
    if (first == scene->count) first = 0;
    scene->count -= first;
    memmove(scene->frames, scene->frames + first, sizeof *scene->frames * (size_t)scene->count);
    return true;
}

/* Whose code led to a place that is not of the bundle: abort() and its like are in the C library. NULL when that cannot be told. */
static void *callerOf(const struct crash_scene *scene)
{
    if (scene->isWildJump) return scene->frames[1];
    if (isOfBundle(scene->at) || scene->count == 0 || scene->frames[0] != scene->at) return NULL;
    for (int i = 0; i < scene->count; i++)
        if (isOfBundle(scene->frames[i])) return scene->frames[i];
    return NULL;
}

void vpnext_tell_crash(const struct crash_scene *scene)
{
    char thread[17] = "";
    char place[256];
    char caller[280] = "";
    void *led = callerOf(scene);
    if (led != NULL || scene->isWildJump) {
        describe(place, sizeof place, led);
        snprintf(caller, sizeof caller, ", called by %s", place);
    }
    prctl(PR_GET_NAME, thread);
    describe(place, sizeof place, scene->at);
    const char *name = sigabbrev_np(scene->number);
    OH_LOG_Print(LOG_APP, LOG_FATAL, 0, TAG,
                 "SIG%{public}s in native code, address %{public}p, thread %{public}s, at %{public}s%{public}s",
                 name == NULL ? "?" : name, scene->details.si_code <= 0 ? NULL : scene->details.si_addr, thread, place, caller);
    for (int i = 0; i < scene->count; i++) {
        describe(place, sizeof place, scene->frames[i]);
        OH_LOG_Print(LOG_APP, LOG_FATAL, 0, TAG, "#%{public}02d %{public}s", i, place);
    }
}
