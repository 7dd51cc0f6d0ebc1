import { join } from 'node:path'

import { resourceManager } from '../localization/resource-manager.ts'
import { Resources } from '../localization/resources.ts'
import { exitNow } from '../exit-process.ts'
import type { AbilityDetails, KitRuntime } from '../runtime.ts'
import { ApplicationEvents } from './application-events.ts'
import { applicationInfo } from './application-info.ts'
import { readManifest } from './bundle-manifest.ts'
import { ApplicationContext, type ContextParts } from './context.ts'

/** What the contexts of a process share, and the resources that `$r` names. */
export interface SharedContext {
  readonly parts: ContextParts
  readonly resources: Resources
  readonly events: ApplicationEvents
}

export function sharedContext(ability: AbilityDetails, runtime: KitRuntime): SharedContext {
  const { bundleFolder, dataFolder, uid } = runtime
  let moduleNames: readonly string[] | undefined
  const modules = (): readonly string[] => (moduleNames ??= namesOf(ability, bundleFolder))
  const resources = new Resources(join(bundleFolder, 'resources'), ability.bundleName, modules)
  const managers = new Map<string, object>()
  const events = new ApplicationEvents()
  let application: ApplicationContext | undefined
  const parts: ContextParts = {
    places: { dataFolder, bundleFolder },
    applicationInfo: applicationInfo(ability, { bundleFolder, uid }),
    resourcesOf: (moduleName) => {
      const manager = managers.get(moduleName) ?? resourceManager(resources, moduleName)
      managers.set(moduleName, manager)
      return { folder: join(resources.folderOf(moduleName), 'resfile'), manager }
    },
    modules,
    mainModule: ability.moduleName,
    // As on the device, where extensions of this type share a process of their own.
    processName:
      (ability.kind ?? 'extension') === 'extension' ? `${ability.bundleName}:vpn` : ability.bundleName,
    application: () => (application ??= new ApplicationContext(parts)),
    events,
    exit: exitNow,
  }
  return { parts, resources, events }
}

/** The bundle's modules; the one that runs, where the bundle's folder has no manifest. */
function namesOf(ability: AbilityDetails, bundleFolder: string): string[] {
  try {
    return readManifest(bundleFolder).manifest.modules.map(({ name }) => name)
  } catch {
    return [ability.moduleName]
  }
}
