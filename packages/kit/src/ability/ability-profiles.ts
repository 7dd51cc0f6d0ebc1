import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { BundleAbility } from '@vpnext/service/protocol'

import { readResourceTable } from '../localization/resource-table.ts'
import { systemLocale } from '../localization/system-locale.ts'
import { parameterError, textParameter } from '../parameters.ts'
import { bundleError } from './bundle-error.ts'
import type { BundleManifest } from './bundle-manifest.ts'

/** What `getProfileByAbility` and its like ask for. */
export interface ProfileQuery {
  readonly moduleName: string
  readonly abilityName: string
  /** '': of all metadata. */
  readonly metadataName: string
}

/** `(moduleName, abilityName, metadataName?)`. @throws BusinessError 401 */
export function profileQuery([module, ability, metadata]: readonly unknown[]): ProfileQuery {
  const query = {
    moduleName: textParameter(module, 'moduleName'),
    abilityName: textParameter(ability, 'abilityName'),
    metadataName: metadata === undefined ? '' : textParameter(metadata, 'metadataName'),
  }
  if (query.moduleName === '') throw parameterError('moduleName', 'is empty')
  if (query.abilityName === '') throw parameterError('abilityName', 'is empty')
  return query
}

/**
 * The profiles that an ability's metadata names, as JSON text.
 *
 * @param kind of ability that is asked for
 * @throws BusinessError 17700002, 17700003, 17700024
 */
export function abilityProfiles(
  manifest: BundleManifest,
  bundleFolder: string,
  kind: BundleAbility['kind'],
  { moduleName, abilityName, metadataName }: ProfileQuery,
): string[] {
  const module = manifest.modules.find(({ name }) => name === moduleName)
  if (module === undefined) throw bundleError(17700002, moduleName)
  const ability = module.abilities.find((each) => each.name === abilityName && each.kind === kind)
  if (ability === undefined) throw bundleError(17700003, abilityName)
  const resources = join(bundleFolder, 'resources')
  const table = readResourceTable([join(resources, '@app'), join(resources, moduleName)], systemLocale())
  const profiles = (ability.metadata ?? [])
    .filter(({ name }) => metadataName === '' || name === metadataName)
    .flatMap(({ resource }) => {
      const profile = /^\$profile:(.+)$/.exec(resource)?.[1]
      const path = profile === undefined ? undefined : table.file('profile', profile)
      return path === undefined ? [] : [readFileSync(path, 'utf8')]
    })
  if (profiles.length === 0) throw bundleError(17700024, `${abilityName} names none`)
  return profiles
}
