import * as z from 'zod/mini'

import { bundleNamePattern, plainTextPattern } from '@vpnext/service/protocol'

/** Longest `srcEntry` that HarmonyOS accepts, in bytes. */
const maxSourceEntryBytes = 127

const name = z.string().check(
  z.minLength(1),
  z.maxLength(127),
  z.regex(/^[A-Za-z_][A-Za-z0-9_.]*$/, {
    message: 'must be letters, digits, _ and ., not starting with a digit',
  }),
)

const sourceEntry = z.string().check(
  z.minLength(1),
  z.refine((path) => Buffer.byteLength(path) <= maxSourceEntryBytes, {
    message: `is longer than ${maxSourceEntryBytes} bytes`,
  }),
  z.refine((path) => /\.(ets|ts)$/.test(path), { message: 'must end in .ets or .ts' }),
)

const metadata = z._default(
  z
    .array(
      z.object({
        name: z._default(z.string().check(z.maxLength(255)), ''),
        value: z._default(z.string().check(z.maxLength(255)), ''),
        resource: z._default(z.string().check(z.maxLength(255)), ''),
      }),
    )
    .check(z.maxLength(256)),
  [],
)

const ability = z.object({
  name,
  srcEntry: sourceEntry,
  description: z._default(z.string().check(z.maxLength(1024)), ''),
  metadata,
})

const extensionAbility = z.extend(ability, { type: z.string().check(z.minLength(1), z.maxLength(64)) })

/** Text that people are shown: the service refuses what could deceive them. */
const shownText = z.string().check(z.regex(plainTextPattern, { message: 'holds a control character' }))

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
  .check(
    z.minLength(7, { message: 'is shorter than 7 characters' }),
    z.maxLength(128, { message: 'is longer than 128 characters' }),
    z.regex(bundleNamePattern, { message: 'must be a reverse-DNS name such as com.example.vpn' }),
  )
const vendor = shownText.check(z.maxLength(256))
const versionCode = z.number().check(z.int(), z.nonnegative())
const versionName = shownText.check(z.maxLength(128))
const label = shownText.check(z.maxLength(256))

/** `AppScope/app.json5`, the keys read here. */
export const appFile: z.ZodMiniType<{ app: AppConfiguration }> = z.object({
  app: z.object({ bundleName, vendor: z._default(vendor, ''), versionCode, versionName, label }),
})

/** `<module>/src/main/module.json5`, the keys read here. */
export const moduleFile: z.ZodMiniType<{ module: ModuleConfiguration }> = z.object({
  module: z.object({
    name,
    type: z.enum(['entry', 'feature', 'har', 'shared']),
    srcEntry: z.optional(sourceEntry),
    abilities: z._default(z.array(ability).check(z.maxLength(256)), []),
    extensionAbilities: z._default(z.array(extensionAbility).check(z.maxLength(256)), []),
    requestPermissions: z._default(
      z.array(z.object({ name: z.string().check(z.minLength(1), z.maxLength(256)) })).check(z.maxLength(256)),
      [],
    ),
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
export const buildProfileFile: z.ZodMiniType<BuildProfileConfiguration> = z.object({
  app: z._default(
    z.object({
      products: z._default(
        z.array(
          z.object({
            name: z.string(),
            bundleName: z.optional(bundleName),
            vendor: z.optional(vendor),
            versionCode: z.optional(versionCode),
            versionName: z.optional(versionName),
            label: z.optional(label),
          }),
        ),
        [],
      ),
    }),
    { products: [] },
  ),
  modules: z
    .array(
      z.object({
        name,
        srcPath: z.string().check(z.minLength(1)),
        targets: z._default(
          z.array(z.object({ name: z.string(), applyToProducts: z.optional(z.array(z.string())) })),
          [],
        ),
      }),
    )
    .check(z.minLength(1), z.maxLength(64)),
})

/** `resources/base/element/*.json`, the keys read here. */
export const elementFile: z.ZodMiniType<{ string: { name: string; value: string }[] }> = z.object({
  string: z._default(z.array(z.object({ name: z.string(), value: z.string() })), []),
})
