import { errorText } from '@vpnext/native'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'

/** Has what vpnext has of the device's NDK; packages/arkts/src/native/ndk-library.ts makes it. */
const ndkLibrary = 'libvpnext_ndk.so'

/** dlopen(3): what is loaded stays. include/dlfcn.h of glibc; node has no name for it. */
const RTLD_NODELETE = 0x1000

/** What dlerror(3) says of a library that another needs. */
const missing = /^([^/:\s]+): cannot open shared object file/

/** Loads native libraries of a bundle, with those of it that they need. */
export class BundleLibraries {
  readonly #folder: string
  #hasNdk = false

  /** @param folder that holds them, without a final slash */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return existsSync(this.#pathOf(name))
  }

  /**
   * What a module of Node-API exports.
   *
   * @throws Error with code ERR_DLOPEN_FAILED: what the loader says; that the library registers no module
   */
  load(name: string): unknown {
    this.#loadNdk()
    try {
      // All symbols now: a missing one is an error with its name here, and the end of the process later.
      return this.#open(name, constants.dlopen.RTLD_NOW, new Set([name]))
    } catch (error) {
      if (!registersNothing(error)) throw error
      const reason = `${name} registers no module of Node-API: it calls napi_module_register in no constructor, and has no NAPI_MODULE`
      throw Object.assign(new Error(reason), { code: 'ERR_DLOPEN_FAILED' })
    }
  }

  /** Before all others, for everybody and for good: those may be linked with it, or expect its functions to be there. */
  #loadNdk(): void {
    if (this.#hasNdk) return
    this.#hasNdk = true
    const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen
    if (this.has(ndkLibrary)) this.#open(ndkLibrary, RTLD_NOW | RTLD_GLOBAL, new Set())
  }

  /**
   * Code that was built elsewhere names no place for what it needs, as on the device it need not: the loader finds what is loaded
   * already.
   *
   * @param tried those that were loaded for it
   */
  #open(name: string, flags: number, tried: Set<string>): unknown {
    for (;;) {
      const filename = this.#pathOf(name)
      // What node_api_get_module_file_name tells of.
      const module: { exports: unknown; filename: string } = { exports: {}, filename }
      try {
        process.dlopen(module, filename, flags)
        return module.exports
      } catch (error) {
        const needed = missing.exec(errorText(error))?.[1]
        if (needed === undefined || tried.has(needed) || !this.has(needed)) throw error
        tried.add(needed)
        this.#keep(needed, tried)
      }
    }
  }

  #keep(name: string, tried: Set<string>): void {
    try {
      this.#open(name, constants.dlopen.RTLD_NOW | RTLD_NODELETE, tried)
    } catch (error) {
      if (!registersNothing(error)) throw error
    }
  }

  #pathOf(name: string): string {
    return `${this.#folder}/${name}`
  }
}

/** The library is loaded, and is none of Node-API; node lets it go again. */
function registersNothing(error: unknown): boolean {
  return errorText(error).includes('did not self-register')
}
