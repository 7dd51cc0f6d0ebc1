import { join } from 'node:path'

import type { BuildTools } from './build-tools.ts'
import type { NativeSdk } from './native-sdk.ts'
import type { NativeSource } from './native-source.ts'
import { wrappedFunctions } from './wrapped-functions.ts'

/** What HarmonyOS calls the processor of this machine. */
export function machineAbi(): string {
  switch (process.arch) {
    case 'arm64':
      return 'arm64-v8a'
    case 'arm':
      return 'armeabi-v7a'
    default:
      return 'x86_64'
  }
}

/**
 * The cmake tool-chain file of a build: what the device's own sets, for this machine. Our options belong to the compiler's
 * command, because projects replace CMAKE_CXX_FLAGS.
 *
 * @param prelude include our headers of headers first, for code that relies on what the device's C++ library includes
 */
export function toolChainFile(
  source: NativeSource,
  tools: BuildTools,
  sdk: NativeSdk,
  prelude: boolean,
): string {
  const include = join(sdk.source, 'include')
  const places = ['-isystem', include, '-isystem', sdk.nodeHeaders, `-L${sdk.libraries}`]
  const code = ['-D__OHOS__=1', '-D__OHOS_FAMILY__=1', '-fPIC', '-fno-strict-aliasing', '-pthread']
  const headers = ['vpnext/clang-words.h', ...(prelude ? ['vpnext/prelude.h'] : [])]
  const first = headers.flatMap((header) => ['-include', join(include, header)])
  const common = [...places, ...code, ...first, '-Wl,--no-undefined', '-Wl,-z,noexecstack']
  const standard = [
    `-L${sdk.libraries}`,
    '-Wl,-u,vpnext_crash_report',
    ...wrappedFunctions.map((name) => `-Wl,--wrap=${name}`),
    '-lvpnext_ohos',
    '-lvpnext_node',
    '-lpthread',
    '-ldl',
    '-lm',
    '-lrt',
  ].join(' ')
  const abi = machineAbi()
  const values: Record<string, string | readonly string[]> = {
    CMAKE_SYSTEM_NAME: 'OHOS',
    CMAKE_SYSTEM_VERSION: '1',
    CMAKE_SYSTEM_PROCESSOR: process.arch === 'arm64' ? 'aarch64' : 'x86_64',
    CMAKE_MODULE_PATH: join(sdk.source, 'cmake'),
    CMAKE_PROJECT_INCLUDE: join(sdk.source, 'cmake/prebuilt.cmake'),
    CMAKE_C_COMPILER: [tools.c, ...common],
    CMAKE_CXX_COMPILER: [tools.cxx, ...common],
    // cmake has no launcher for assembler.
    CMAKE_ASM_COMPILER: [join(sdk.source, 'compile.sh'), tools.c, ...common],
    CMAKE_C_COMPILER_LAUNCHER: join(sdk.source, 'compile.sh'),
    CMAKE_CXX_COMPILER_LAUNCHER: join(sdk.source, 'compile.sh'),
    CMAKE_C_LINKER_LAUNCHER: join(sdk.source, 'compile.sh'),
    CMAKE_CXX_LINKER_LAUNCHER: join(sdk.source, 'compile.sh'),
    CMAKE_C_FLAGS_INIT: source.cFlags,
    CMAKE_CXX_FLAGS_INIT: source.cppFlags,
    CMAKE_C_STANDARD_LIBRARIES: standard,
    CMAKE_CXX_STANDARD_LIBRARIES: standard,
    CMAKE_LIBRARY_PATH: sdk.libraries,
    CMAKE_INCLUDE_PATH: include,
    CMAKE_POSITION_INDEPENDENT_CODE: 'TRUE',
    // Libraries of a bundle lie beside each other.
    CMAKE_INSTALL_RPATH: String.raw`\$ORIGIN`,
    CMAKE_BUILD_WITH_INSTALL_RPATH: 'TRUE',
    OHOS: 'TRUE',
    OHOS_ARCH: abi,
    OHOS_ARCH_ABI: abi,
    CMAKE_OHOS_ARCH_ABI: abi,
    OHOS_PLATFORM: 'OHOS',
    OHOS_STL: 'c++_shared',
    OHOS_SDK_NATIVE: sdk.source,
    HMOS_SDK_NATIVE: sdk.source,
  }
  return Object.entries(values)
    .map(([name, value]) => {
      const items = typeof value === 'string' ? [value] : value
      return `set(${name} ${items.map((item) => `"${item}"`).join(' ')})\n`
    })
    .join('')
}
