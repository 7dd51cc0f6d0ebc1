/* What is known of a crash: noted when the signal comes, told when it is sure that the process ends by it. */
#pragma once
#include <signal.h>
#include <stdbool.h>

#define MAX_FRAMES 32

struct crash_scene {
    int number;
    siginfo_t details;
    /* Where the process was. */
    void *at;
    /* Who called, from `at` on as far as that is known. */
    void *frames[MAX_FRAMES];
    int count;
    /* The process went where no code is: by a pointer to a function that is NULL or is none. */
    bool isWildJump;
};

/*
 * For a handler of signals: `context` is what the kernel gives it. False, and nothing noted, for code of no file: that is JavaScript's or WebAssembly's,
 * whose faults V8 may want.
 */
bool vpnext_note_crash(struct crash_scene *scene, int number, const siginfo_t *details, const void *context);

/* Writes lines of the log. */
void vpnext_tell_crash(const struct crash_scene *scene);
