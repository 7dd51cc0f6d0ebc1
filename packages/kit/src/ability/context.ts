import { type ApplicationInfo, BusinessError, businessError } from '@vpnext/api'

import { isCallback, settle } from '../async-forms.ts'
import { booleanParameter, integerParameter, objectParameter, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import type { ApplicationEvents } from './application-events.ts'
import { EventHub } from './event-hub.ts'
import {
  type ContextFolders,
  type Places,
  applicationFolders,
  clearFolders,
  groupFolder,
  madeFolder,
  makeFolders,
  moduleFolders,
} from './folders.ts'

/** What all contexts of a process share. */
export interface ContextParts {
  readonly places: Places
  readonly applicationInfo: ApplicationInfo
  /** The folder of a module's `resfile`, and its `resourceManager`. */
  readonly resourcesOf: (moduleName: string) => { readonly folder: string; readonly manager: object }
  /** Names of the bundle's modules. */
  readonly modules: () => readonly string[]
  /** Of the module that runs. */
  readonly mainModule: string
  readonly processName: string
  readonly application: () => ApplicationContext
  readonly events: ApplicationEvents
  /** Ends the process. */
  readonly exit: () => never
}

/** `contextConstant.AreaMode`: from when on a folder can be read. Here all are ordinary folders of the bundle. */
export const areaMode = { EL1: 0, EL2: 1, EL3: 2, EL4: 3, EL5: 4 } as const

/** What every context tells: where files belong, and of which application. */
export abstract class Context implements ContextFolders {
  declare readonly filesDir: string
  declare readonly cacheDir: string
  declare readonly tempDir: string
  declare readonly preferencesDir: string
  declare readonly databaseDir: string
  declare readonly bundleCodeDir: string
  readonly applicationInfo: ApplicationInfo
  readonly #parts: ContextParts
  readonly #moduleName: string | undefined
  readonly #eventHub = new EventHub()
  #area: number = areaMode.EL2
  #folders: ContextFolders

  /** @param moduleName undefined for the application as a whole */
  constructor(parts: ContextParts, moduleName: string | undefined) {
    this.#parts = parts
    this.#moduleName = moduleName
    this.#folders = this.#foldersOf(areaMode.EL2)
    const names = [
      'filesDir',
      'cacheDir',
      'tempDir',
      'preferencesDir',
      'databaseDir',
      'bundleCodeDir',
    ] as const
    for (const name of names) {
      Object.defineProperty(this, name, { get: () => this.#folders[name], enumerable: true })
    }
    this.applicationInfo = parts.applicationInfo
  }

  /** Whether `value` was made here: a look-alike is no context. */
  static is(value: unknown): value is Context {
    return typeof value === 'object' && value !== null && #parts in value
  }

  static {
    // What a context of the device has and this one lacks fails 801 by name instead of being undefined.
    Object.setPrototypeOf(this.prototype, missingMembers('context'))
  }

  /** `contextConstant.AreaMode`; setting it moves the folders to that area, and makes them. */
  get area(): number {
    return this.#area
  }

  set area(value: unknown) {
    const area = integerParameter(value, 'area', areaMode.EL1, areaMode.EL5)
    this.#folders = this.#foldersOf(area)
    this.#area = area
    makeFolders(this.#folders)
  }

  get eventHub(): EventHub {
    return this.#eventHub
  }

  get resourceManager(): object {
    return this.#parts.resourcesOf(this.#moduleName ?? this.#parts.mainModule).manager
  }

  /** Where the files of the module's `resfile` are. */
  get resourceDir(): string {
    return this.#parts.resourcesOf(this.#moduleName ?? this.#parts.mainModule).folder
  }

  get processName(): string {
    return this.#parts.processName
  }

  /** A folder as any other: no other device shares it. */
  get distributedFilesDir(): string {
    return madeFolder(`${this.#parts.places.dataFolder}/el${this.#area + 1}/distributedfiles`)
  }

  /** A folder as any other: there is no cloud. */
  get cloudFileDir(): string {
    return madeFolder(`${this.#parts.places.dataFolder}/el${this.#area + 1}/cloud`)
  }

  /**
   * `getGroupDir(dataGroupID, callback?)`: the processes of the bundle share it; those of other bundles do not.
   *
   * @throws BusinessError 401
   */
  getGroupDir(...args: unknown[]): Promise<string> | undefined {
    const [group, callback] = args
    const folder = groupFolder(this.#parts.places, textParameter(group, 'dataGroupID'), this.#area + 1)
    return settle(Promise.resolve(folder), isCallback<string>(callback) ? callback : undefined)
  }

  getApplicationContext(): ApplicationContext {
    return this.#parts.application()
  }

  /**
   * `createModuleContext(moduleName)`: of another module of the bundle.
   *
   * @throws BusinessError 401
   */
  createModuleContext(...args: unknown[]): ModuleContext {
    // The form with a bundle's name before it is for system applications.
    if (args.length > 1) throw businessError(202)
    const name = textParameter(args[0], 'moduleName')
    if (!this.#parts.modules().includes(name)) throw unknownModule(name)
    return new ModuleContext(this.#parts, name)
  }

  #foldersOf(area: number): ContextFolders {
    const { places } = this.#parts
    return this.#moduleName === undefined
      ? applicationFolders(places, area + 1)
      : moduleFolders(places, this.#moduleName, area + 1)
  }
}

/** What `createModuleContext` gives. */
export class ModuleContext extends Context {}

/** `context.getApplicationContext()`: the folders of the application, without those of a module. */
export class ApplicationContext extends Context {
  readonly #parts: ContextParts

  constructor(parts: ContextParts) {
    super(parts, undefined)
    this.#parts = parts
  }

  /** See {@link ApplicationEvents.on}. */
  on(type: unknown, callback: unknown): number | undefined {
    return this.#parts.events.on(type, callback)
  }

  /** See {@link ApplicationEvents.off}. */
  off(...args: unknown[]): Promise<void> | undefined {
    return this.#parts.events.off(...args)
  }

  /** Of this process alone: the others of the bundle are nobody's business here. */
  getRunningProcessInformation(...args: unknown[]): Promise<object[]> | undefined {
    const { name, uid } = this.applicationInfo
    const { processName } = this
    // appManager.ProcessState.STATE_ACTIVE
    const own = {
      processName,
      pid: process.pid,
      uid,
      bundleNames: [name],
      state: 2,
      bundleType: 0,
      appCloneIndex: 0,
    }
    return answer([own], args)
  }

  /** Nothing here has colours. */
  setColorMode(mode: unknown): void {
    integerParameter(mode, 'colorMode', -1, 1)
  }

  /** Nothing here has texts in a language but the resources, which follow the system's. */
  setLanguage(language: unknown): void {
    textParameter(language, 'language')
  }

  /** Nothing here has letters. */
  setFont(font: unknown): void {
    textParameter(font, 'font')
  }

  /** A process lives as long as its ability, whatever is said here. */
  setSupportedProcessCache(isSupported: unknown): void {
    booleanParameter(isSupported, 'isSupported')
  }

  /** @throws BusinessError 16000071: a bundle is there once */
  getCurrentAppCloneIndex(): never {
    throw new BusinessError(16000071, 'App clone is not supported.')
  }

  /** For pages in the foreground. @throws BusinessError 16000053 */
  restartApp(want: unknown): never {
    objectParameter(want, 'want')
    throw new BusinessError(16000053, 'The ability is not on the top of the UI.')
  }

  /** Removes what the bundle has written, and ends this process. */
  clearUpApplicationData(...args: unknown[]): Promise<void> | undefined {
    clearFolders(this.#parts.places)
    setImmediate(this.#parts.exit)
    return answer(undefined, args)
  }

  /** Ends this process. */
  killAllProcesses(): never {
    return this.#parts.exit()
  }
}

function answer<T>(value: T, args: readonly unknown[]): Promise<T> | undefined {
  const last = args.at(-1)
  return settle(Promise.resolve(value), isCallback<T>(last) ? last : undefined)
}

function unknownModule(name: string): BusinessError {
  return businessError(401, { field: 'moduleName', reason: `the bundle has no module ${name}` })
}
