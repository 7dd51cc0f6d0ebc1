import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** A library that takes signals before ours does, as the runtime of Go: `way` says what it does about a fault. */
const code = String.raw`#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <string>
#include <sys/mman.h>
#include <thread>

static std::string way;
static sigjmp_buf back;
static volatile char *page;

static void OnFault(int number, siginfo_t *, void *) {
    if (way == "mend") mprotect((void *)page, 4096, PROT_READ | PROT_WRITE);
    if (way == "leave") siglongjmp(back, 1);
    if (way == "give up") signal(number, SIG_DFL);
    if (way != "send again") return;
    sigset_t own;
    sigemptyset(&own);
    sigaddset(&own, number);
    pthread_sigmask(SIG_UNBLOCK, &own, nullptr);
    raise(number);
}

__attribute__((constructor(101))) static void Take() {
    struct sigaction action = {};
    action.sa_sigaction = OnFault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int number : {SIGSEGV, SIGBUS}) sigaction(number, &action, nullptr);
}

static void Fault() {
    if (sigsetjmp(back, 1) == 0) *page = 1;
}

static napi_value FaultBy(napi_env env, napi_callback_info info) {
    napi_value how, done;
    char text[32];
    size_t count = 1;
    napi_get_cb_info(env, info, &count, &how, nullptr, nullptr);
    napi_get_value_string_utf8(env, how, text, sizeof text, nullptr);
    way = text;
    page = (volatile char *)mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    Fault();
    page = (volatile char *)mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    std::thread(Fault).join();
    napi_get_boolean(env, true, &done);
    return done;
}

static const napi_property_descriptor all[] = {
    {"faultBy", nullptr, FaultBy, nullptr, nullptr, nullptr, napi_default, nullptr},
};
`

let scripts: NativeScripts
beforeAll(async () => {
  scripts = await NativeScripts.build(code)
})
afterAll(() => scripts[Symbol.dispose]())

test.each(['mend', 'leave'])('a fault that a library mends is no crash: %s', async (way) => {
  expect(await scripts.outcome(`say([entry.faultBy('${way}'), entry.faultBy('${way}')])`)).toEqual({
    signal: null,
    stdout: '[true,true]\n',
    stderr: '',
  })
})

test.each(['give up', 'send again'])(
  'a fault that a library does not mend is told once, with its place: %s',
  async (way) => {
    const { signal, stderr } = await scripts.outcome(`entry.faultBy('leave'); entry.faultBy('${way}')`)
    expect(signal).toBe('SIGSEGV')
    expect(stderr).toMatch(/SIGSEGV in native code, address 0x[0-9a-f]+, thread \S+, at libentry\.so\+0x/)
    expect(stderr.match(/in native code/g)).toHaveLength(1)
  },
)
