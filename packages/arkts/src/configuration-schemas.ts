import { z } from 'zod'

import { bundleNamePattern } from '@vpnext/service/protocol'

/** Longest `srcEntry` that HarmonyOS accepts, in bytes. */
const maxSourceEntryBytes = 127

const name = z
  .string()
  .min(1)
  .max(127)
  .regex(/^[A-Za-z_][A-Za-z0-9_.]*$/, {
    message: 'must be letters, digits, _ and ., not starting with a digit',
  })

const sourceEntry = z
  .string()
  .min(1)
  .refine((path) => Buffer.byteLength(path) <= maxSourceEntryBytes, {
    message: `is longer than ${maxSourceEntryBytes} bytes`,
  })
  .refine((path) => /\.(ets|ts)$/.test(path), { message: 'must end in .ets or .ts' })

const ability = z.object({
  name,
  srcEntry: sourceEntry,
  description: z.string().max(1024).default(''),
})

const extensionAbility = ability.extend({ type: z.string().min(1).max(64) })

/** An entry of `abilities` or `extensionAbilities`. */
export interface AbilityConfiguration {
  name: string
  srcEntry: string
  description: string
}

export interface AppConfiguration {
  bundleName: string
  vendor: string
  versionCode: number
  versionName: string
  label: string
}

export interface ModuleConfiguration {
  name: string
  type: 'entry' | 'feature' | 'har' | 'shared'
  abilities: AbilityConfiguration[]
  extensionAbilities: (AbilityConfiguration & { type: string })[]
  requestPermissions: { name: string }[]
}

/** `AppScope/app.json5`, the keys read here. */
export const appFile: z.ZodType<{ app: AppConfiguration }> = z.object({
  app: z.object({
    bundleName: z
      .string()
      .min(7, { message: 'is shorter than 7 characters' })
      .max(128, { message: 'is longer than 128 characters' })
      .regex(bundleNamePattern, { message: 'must be a reverse-DNS name such as com.example.vpn' }),
    vendor: z.string().max(256).default(''),
    versionCode: z.number().int().nonnegative(),
    versionName: z.string().max(128),
    label: z.string(),
  }),
})

/** `<module>/src/main/module.json5`, the keys read here. */
export const moduleFile: z.ZodType<{ module: ModuleConfiguration }> = z.object({
  module: z.object({
    name,
    type: z.enum(['entry', 'feature', 'har', 'shared']),
    abilities: z.array(ability).max(256).default([]),
    extensionAbilities: z.array(extensionAbility).max(256).default([]),
    requestPermissions: z
      .array(z.object({ name: z.string().min(1).max(256) }))
      .max(256)
      .default([]),
  }),
})

/** `build-profile.json5` of the project, the keys read here. */
export const buildProfileFile: z.ZodType<{ modules: { name: string; srcPath: string }[] }> = z.object({
  modules: z
    .array(z.object({ name, srcPath: z.string().min(1) }))
    .min(1)
    .max(64),
})

/** `resources/base/element/*.json`, the keys read here. */
export const elementFile: z.ZodType<{ string: { name: string; value: string }[] }> = z.object({
  string: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
})
