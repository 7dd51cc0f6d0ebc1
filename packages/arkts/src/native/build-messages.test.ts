import { expect, test } from 'vitest'
import { describeProblem } from '../project-error.ts'
import { readBuildMessages } from './build-messages.ts'

const places = { project: '/p', source: '/p/entry/src/main/cpp', build: '/cache/work' }
const read = (output: string): string[] => readBuildMessages(output, places).map(describeProblem)

test.each([
  [
    'gcc',
    `/p/entry/src/main/cpp/a.cpp: In function 'int f()':\n/p/entry/src/main/cpp/a.cpp:7:12: error: 'x' was not declared in this scope\n    7 |   return x;`,
    ["entry/src/main/cpp/a.cpp:7:12: 'x' was not declared in this scope"],
  ],
  [
    'the assembler',
    `/p/entry/src/main/cpp/a.S: Assembler messages:\n/p/entry/src/main/cpp/a.S:5: Error: no such instruction: 'nope'`,
    ["entry/src/main/cpp/a.S:5: no such instruction: 'nope'"],
  ],
  [
    'clang, with a header that is missing',
    `/p/entry/src/main/cpp/a.cpp:1:10: fatal error: 'network/netmanager/net_connection.h' file not found`,
    [
      "entry/src/main/cpp/a.cpp:1:10: 'network/netmanager/net_connection.h' file not found (vpnext has no <network/netmanager/net_connection.h> of the HarmonyOS NDK; docs/extensions.md lists what there is)",
    ],
  ],
  [
    'gcc, of what clang takes',
    `/p/entry/src/main/cpp/a.cpp:2:22: error: designator order for field 'P::a' does not match declaration order in 'P'
/p/entry/src/main/cpp/a.cpp:3:31: sorry, unimplemented: non-trivial designated initializers not supported
/p/entry/src/main/cpp/a.cpp:5:18: error: declaration of 'State S::State' changes meaning of 'State' [-fpermissive]`,
    [
      "2:22: designator order for field 'P::a' does not match declaration order in 'P'",
      '3:31: non-trivial designated initializers not supported',
      "5:18: declaration of 'State S::State' changes meaning of 'State' [-fpermissive]",
    ].map(
      (text) =>
        `entry/src/main/cpp/a.cpp:${text} (the compiler of the device is clang, which may take it; with CC=clang CXX=clang++ vpnext builds with it)`,
    ),
  ],
  [
    'gcc, of its options',
    `g++: error: unrecognized command-line option '-fx'\ncc1plus: error: bad value 'armv8-a' for '-march=' switch\ncc1plus: note: valid`,
    [
      "entry/src/main/cpp/CMakeLists.txt: g++: unrecognized command-line option '-fx'",
      "entry/src/main/cpp/CMakeLists.txt: cc1plus: bad value 'armv8-a' for '-march=' switch",
    ],
  ],
  [
    'the linker, which knows names alone',
    `/usr/bin/ld: CMakeFiles/entry.dir/core/tun.cpp.o: in function \`Start(int)':\ntun.cpp:(.text+0x12): undefined reference to \`OH_NetConn_HasDefaultNet'`,
    [
      'entry/src/main/cpp/core/tun.cpp: undefined reference to OH_NetConn_HasDefaultNet (this function of the HarmonyOS NDK is not in vpnext)',
    ],
  ],
  [
    'a library that is not there',
    '/usr/bin/ld: cannot find -lmihomo: No such file or directory\ncollect2: error: ld returned 1 exit status',
    [
      'entry/src/main/cpp/CMakeLists.txt: the linker finds no libmihomo.so (neither this machine nor vpnext has it; docs/extensions.md tells of stand-ins)',
    ],
  ],
  [
    'a library of another processor, found by name',
    '/usr/bin/ld: skipping incompatible /p/entry/libs/arm64-v8a/libcore.so when searching for -lcore\n/usr/bin/ld: cannot find -lcore: No such file or directory\n',
    [
      expect.stringMatching(
        /^entry\/libs\/arm64-v8a\/libcore\.so: is not for this machine \(a library .* one for this machine belongs in/,
      ),
    ],
  ],
  [
    'a library of another processor, by its path',
    '/usr/bin/ld: /p/entry/libs/arm64-v8a/libcore.so: error adding symbols: file in wrong format\n',
    [
      expect.stringMatching(
        /^entry\/libs\/arm64-v8a\/libcore\.so: error adding symbols: file in wrong format \(a library/,
      ),
    ],
  ],
  [
    'cmake',
    'CMake Error at core/CMakeLists.txt:9 (add_library):\n  Cannot find source file:\n\n    gone.cpp\n\n  Tried extensions .c\n\n',
    ['entry/src/main/cpp/core/CMakeLists.txt:9: add_library: Cannot find source file: gone.cpp'],
  ],
  [
    'a project’s own words, of which the last say what to do',
    'CMake Error at CMakeLists.txt:37 (message):\n  OpenSSL not found for x86_64.\n\n  Place it\n  under:\n\n    /p/core/openssl\n\n  or configure with -DWITHOUT_TLS=ON.\n\n\n-- Configuring incomplete, errors occurred!\n',
    [
      "entry/src/main/cpp/CMakeLists.txt:37: message: OpenSSL not found for x86_64. Place it under: core/openssl or configure with -DWITHOUT_TLS=ON. (-DWITHOUT_TLS=ON belongs into buildOption.externalNativeOptions.arguments of the module's build-profile.json5)",
    ],
  ],
  [
    'cmake, which names files in full',
    'CMake Error at CMakeLists.txt:4 (add_library):\n  Cannot find source file:\n\n    /p/core/gone.cpp\n\n',
    ['entry/src/main/cpp/CMakeLists.txt:4: add_library: Cannot find source file: core/gone.cpp'],
  ],
  ['a file outside of the project', '/usr/include/x.h:3:1: error: no', ['/usr/include/x.h:3:1: no']],
])('%s', (_what, output, expected) => {
  expect(read(output)).toEqual(expected)
})

test('the same error of several files is told once, and a flood is cut', () => {
  const line = (n: number): string => `/p/a.cpp:${n}:1: error: e${n}\n`
  expect(read(line(1) + line(1))).toEqual(['a.cpp:1:1: e1'])
  const many = read(Array.from({ length: 50 }, (_none, n) => line(n + 1)).join(''))
  expect(many).toHaveLength(21)
  expect(many.at(-1)).toContain('and 30 errors more')
})

test('an output that nobody understands is shown', () => {
  expect(read('something\nwent wrong\n')).toEqual([
    'entry/src/main/cpp/CMakeLists.txt: the build failed; its last words:\nsomething\nwent wrong',
  ])
})

test.each([
  ['BasicServicesKit/oh_commonevent.h', true],
  ['ffrt/ffrt.h', true],
  ['huks/native_huks_api.h', true],
  ['syscap_ndk.h', true],
  ['model/Kit/tunnel.h', false],
  ['tunnel.h', false],
])('whether a header that is missing is of the NDK: %s', (header, isOfNdk) => {
  const [told] = read(
    `/p/entry/src/main/cpp/a.cpp:1:10: fatal error: ${header}: No such file or directory\ncompilation terminated.`,
  )
  expect(told?.includes(`vpnext has no <${header}>`)).toBe(isOfNdk)
})
