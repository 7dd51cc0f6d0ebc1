import * as z from 'zod'

import { bundleNamePattern, plainTextPattern } from '@vpnext/service/protocol'

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

const metadata = z
  .array(
    z.object({
      name: z.string().max(255).default(''),
      value: z.string().max(255).default(''),
      resource: z.string().max(255).default(''),
    }),
  )
  .max(256)
  .default([])

const ability = z.object({
  name,
  srcEntry: sourceEntry,
  description: z.string().max(1024).default(''),
  metadata,
})

const extensionAbility = ability.extend({ type: z.string().min(1).max(64) })

/** Text that people are shown: the service refuses what could deceive them. */
const shownText = z.string().regex(plainTextPattern, { message: 'holds a control character' })

/** What keeps a text from being shown to people; undefined when nothing does. */
export function shownTextProblem(text: string): string | undefined {
  if (!plainTextPattern.test(text)) return 'holds a control character'
  return text.length > 256 ? 'is longer than 256 characters' : undefined
}

/** An entry of `abilities` or `extensionAbilities`. */
export interface AbilityConfiguration {
  name: string
  srcEntry: string
  description: string
  metadata: Metadata[]
}

/** An entry of `metadata`: what an app says of itself to whoever asks. */
export interface Metadata {
  name: string
  value: string
  /** Such as `$profile:config`; `''` for none. */
  resource: string
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
  /** Of the module's AbilityStage. */
  srcEntry?: string | undefined
  abilities: AbilityConfiguration[]
  extensionAbilities: (AbilityConfiguration & { type: string })[]
  requestPermissions: { name: string }[]
  metadata: Metadata[]
}

const bundleName = z
  .string()
  .min(7, { message: 'is shorter than 7 characters' })
  .max(128, { message: 'is longer than 128 characters' })
  .regex(bundleNamePattern, { message: 'must be a reverse-DNS name such as com.example.vpn' })
const vendor = shownText.max(256)
const versionCode = z.number().int().nonnegative()
const versionName = shownText.max(128)
const label = shownText.max(256)

/** `AppScope/app.json5`, the keys read here. */
export const appFile: z.ZodType<{ app: AppConfiguration }> = z.object({
  app: z.object({ bundleName, vendor: vendor.default(''), versionCode, versionName, label }),
})

/** `<module>/src/main/module.json5`, the keys read here. */
export const moduleFile: z.ZodType<{ module: ModuleConfiguration }> = z.object({
  module: z.object({
    name,
    type: z.enum(['entry', 'feature', 'har', 'shared']),
    srcEntry: sourceEntry.optional(),
    abilities: z.array(ability).max(256).default([]),
    extensionAbilities: z.array(extensionAbility).max(256).default([]),
    requestPermissions: z
      .array(z.object({ name: z.string().min(1).max(256) }))
      .max(256)
      .default([]),
    metadata,
  }),
})

/** A product of the app may have a name and versions of its own. */
export interface ProductConfiguration {
  name: string
  bundleName?: string | undefined
  vendor?: string | undefined
  versionCode?: number | undefined
  versionName?: string | undefined
  label?: string | undefined
}

/** A module, and which of its targets are part of which products. */
export interface ModulePlaceConfiguration {
  name: string
  srcPath: string
  targets: { name: string; applyToProducts?: string[] | undefined }[]
}

export interface BuildProfileConfiguration {
  app: { products: ProductConfiguration[] }
  modules: ModulePlaceConfiguration[]
}

/** `build-profile.json5` of the project, the keys read here. */
export const buildProfileFile: z.ZodType<BuildProfileConfiguration> = z.object({
  app: z
    .object({
      products: z
        .array(
          z.object({
            name: z.string(),
            bundleName: bundleName.optional(),
            vendor: vendor.optional(),
            versionCode: versionCode.optional(),
            versionName: versionName.optional(),
            label: label.optional(),
          }),
        )
        .default([]),
    })
    .default({ products: [] }),
  modules: z
    .array(
      z.object({
        name,
        srcPath: z.string().min(1),
        targets: z
          .array(z.object({ name: z.string(), applyToProducts: z.array(z.string()).optional() }))
          .default([]),
      }),
    )
    .min(1)
    .max(64),
})

/** `resources/base/element/*.json`, the keys read here. */
export const elementFile: z.ZodType<{ string: { name: string; value: string }[] }> = z.object({
  string: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
})
