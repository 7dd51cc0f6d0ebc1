import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'

import type { BuildTools } from './build-tools.ts'
import { compile, compileShims, sdkSource } from './compile-shims.ts'
import { hashFolder, keyOf, makeWhole } from './native-cache.ts'

/** What a built module believes that node's functions come from. */
const stubName = 'libdl.so.2'

/** Where a build finds what it includes and links, absolute. */
export interface NativeSdk {
  /** Ours: `napi/native_api.h`, `hilog/log.h`, …; and cmake's folder of platforms. */
  readonly source: string
  /** The node headers that our own include. */
  readonly nodeHeaders: string
  readonly libraries: string
}

/** Headers of node that projects may include, with what they include. */
const nodeHeaders = [
  'node_api.h',
  'node_api_types.h',
  'js_native_api.h',
  'js_native_api_types.h',
  'uv.h',
  'uv',
  'zlib.h',
  'zconf.h',
]

/**
 * Libraries that HarmonyOS projects link by name. What of them is provided is linked to every module anyway, so that these
 * are empty; what is not is an undefined reference, with its name.
 */
const linkable = `
  ace_napi.z hilog_ndk.z uv z rawfile.z deviceinfo_ndk.z hitrace_ndk.z qos ace_ndk.z native_window
  native_buffer native_image EGL GLESv3 GLESv2 c++_shared c++ unwind net_connection net_http
  net_websocket ohhidebug hidebug hiappevent_ndk.z ohhicollie ability_runtime ability_base_want
  bundle_ndk.z ability_access_control ohcommonevent ohbattery_info ohenvironment ohfileuri
  ohpreferences native_rdb_ndk.z ohresmgr ohcrypto huks_ndk.z udmf time_service_ndk telephony_data
  transient_task ffrt.z ohfile
`
  .trim()
  .split(/\s+/)

/** Parts of the device's C++ library that projects link as `lib….a`; here the compiler's own is linked anyway. */
const linkableArchives = ['c++', 'c++_static', 'c++abi', 'c++experimental', 'unwind']

/**
 * Makes the part of the SDK that depends on the machine: libraries of our shims, and one that stands for node at link time.
 *
 * @param cache the folder of native builds; nothing is made when it is there already
 * @throws Error with the compiler's words
 */
export async function prepareSdk(cache: string, tools: BuildTools, signal?: AbortSignal): Promise<NativeSdk> {
  const headers = await readHeaders(tools.nodeHeaders)
  const key = keyOf(
    tools.version,
    stubName,
    linkable.join(),
    linkableArchives.join(),
    await hashFolder(sdkSource),
    ...headers.values(),
  )
  const folder = join(cache, 'sdk', key)
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    await makeWhole(folder, async (fresh) => {
      for (const name of nodeHeaders)
        await cp(join(tools.nodeHeaders, name), join(fresh, 'include', name), {
          recursive: true,
          force: true,
        }).catch(ignoreAbsent)
      await mkdir(join(fresh, 'lib'))
      await archiveShims(fresh, tools, signal)
      await compileNodeStub(fresh, [...headers.values()].join('\n'), tools, signal)
      const empty = [
        ...linkable.map((name) => `lib${name}.so`),
        ...linkableArchives.map((name) => `lib${name}.a`),
      ]
      // An archive without members.
      for (const name of empty) await writeFile(join(fresh, 'lib', name), '!<arch>\n')
    })
  }
  return { source: sdkSource, nodeHeaders: join(folder, 'include'), libraries: join(folder, 'lib') }
}

async function readHeaders(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const name of nodeHeaders) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
    if (text !== undefined) texts.set(name, text)
  }
  return texts
}

async function archiveShims(
  fresh: string,
  tools: BuildTools,
  signal: AbortSignal | undefined,
): Promise<void> {
  const flags = ['-fvisibility=hidden']
  const objects = await compileShims(tools, {
    folders: ['source'],
    output: fresh,
    nodeHeaders: join(fresh, 'include'),
    flags,
    signal,
  })
  await compile(tools.archiver, ['rcs', join(fresh, 'lib/libvpnext_ohos.a'), ...objects], signal)
  for (const object of objects) await rm(object)
}

/**
 * A library with the names that the node binary exports, so that the linker can tell a slip of the pen. It is called
 * `libdl.so.2`, which is a part of glibc and has been empty since 2.34: at run time there is nothing to find, and node's own
 * functions answer.
 */
async function compileNodeStub(
  fresh: string,
  headers: string,
  tools: BuildTools,
  signal: AbortSignal | undefined,
): Promise<void> {
  const names = new Set<string>()
  for (const [, name] of headers.matchAll(/\b((?:napi|node_api|uv)_\w+)\s*\(/g))
    if (name !== undefined) names.add(name)
  for (const [, name] of headers.matchAll(/\bZEXPORT\w*\s+(\w+)/g)) if (name !== undefined) names.add(name)
  const text = [...names]
    .toSorted()
    .map((name) => `void ${name}(void) {}\n`)
    .join('')
  const source = join(fresh, 'node-stub.c')
  await writeFile(source, text)
  const output = join(fresh, 'lib/libvpnext_node.so')
  // No built-in functions: names are the linker's business alone.
  await compile(
    tools.c,
    ['-fno-builtin', '-w', '-fPIC', '-shared', '-nostdlib', `-Wl,-soname,${stubName}`, source, '-o', output],
    signal,
  )
  await rm(source)
}

function ignoreAbsent(error: unknown): void {
  if (!isErrno(error, 'ENOENT')) throw error
}
