import * as z from 'zod'
import { bundleNamePattern, plainTextPattern } from './bundle-names.ts'

const bundleName = z.string().min(7).max(128).regex(bundleNamePattern)

/** Whether a bundle can have this name: what a client says may be anything, a path that leads elsewhere included. */
export function isBundleName(name: string): boolean {
  return bundleName.safeParse(name).success
}

const plainText = z.string().regex(plainTextPattern, {
  message: 'holds a control character',
})

const identifier = z
  .string()
  .min(1)
  .max(127)
  .regex(/^[A-Za-z_][A-Za-z0-9_.]*$/)

/** A key that becomes a file name below the bundle folder: no separators, no leading dot. */
const scriptKey = z
  .string()
  .min(1)
  .max(127)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/)

/** A relative path below the bundle's `resources`, without empty, `.` or `..` segments. */
const resourcePath = z
  .string()
  .min(1)
  .max(512)
  .refine(
    (path) =>
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0')),
    {
      message: 'is not a plain relative path',
    },
  )

/** `metadata` in module.json5. */
const metadata = z
  .array(z.object({ name: z.string().max(255), value: z.string().max(255), resource: z.string().max(255) }))
  .max(256)
  .optional()

const ability = z.object({
  name: identifier,
  kind: z.enum(['page', 'extension']),
  /** `type` in module.json5 (`vpn`), `''` for a page. */
  type: z.string().max(64),
  /** Key into `scripts`. */
  script: scriptKey,
  /** The export that holds the class: `default`, or a name when the module has no default export. */
  exportName: z.string().min(1).max(127),
  description: z.string().max(1024).default(''),
  metadata,
})

const module = z.object({
  name: identifier,
  type: z.enum(['entry', 'feature', 'har', 'shared']),
  abilities: z.array(ability).max(256),
  permissions: z.array(plainText.max(256)).max(256),
  metadata,
  /** Suites of tests (`src/ohosTest`): key into `scripts`; its default export is called to declare them. */
  testSuite: scriptKey.optional(),
})

/** A file name that a native library may have: `libentry.so`, `libssl.so.3`. */
const libraryName = z
  .string()
  .max(127)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*\.so(\.[0-9.]+)?$/)

/** Format 1 of a bundle archive: UTF-8 JSON in a sealed memfd. Unknown members are refused. */
export const bundleArchive = z.strictObject({
  format: z.literal(1),
  app: z.strictObject({
    bundleName,
    vendor: plainText.max(256),
    versionCode: z.number().int().nonnegative(),
    versionName: plainText.max(128),
    label: plainText.max(256),
    /** Milliseconds since the epoch after which a crowdtesting build may not start (16000008). */
    crowdtestingExpiresAt: z.number().int().optional(),
  }),
  modules: z.array(module).min(1).max(64),
  /** CommonJS text of each entry, with kits left as `require` calls, and its source map. */
  scripts: z.record(scriptKey, z.strictObject({ code: z.string(), map: z.string() })),
  /** rawfile, resfile, profile, media and element files, base64; those of AppScope below `@app`. */
  files: z.record(resourcePath, z.string()),
  /** Native libraries for this machine, base64: modules that the code imports, and what those need. */
  libs: z.record(libraryName, z.string()).optional(),
  /** `@kit.*` and `@ohos.*` modules the code imports. */
  kits: z.array(plainText.max(256)).max(1024),
  /** `lib*.so` modules the code imports. */
  natives: z.array(z.string().max(256)).max(256),
})

export type BundleArchive = z.infer<typeof bundleArchive>
export type BundleModule = z.infer<typeof module>
export type BundleAbility = z.infer<typeof ability>
