import * as z from 'zod/mini'
import { bundleNamePattern, plainTextPattern } from './bundle-names.ts'

const bundleName = z.string().check(z.minLength(7), z.maxLength(128), z.regex(bundleNamePattern))

/** Whether a bundle can have this name: what a client says may be anything, a path that leads elsewhere included. */
export function isBundleName(name: string): boolean {
  return bundleName.safeParse(name).success
}

const plainText = z.string().check(
  z.regex(plainTextPattern, {
    message: 'holds a control character',
  }),
)

const identifier = z.string().check(z.minLength(1), z.maxLength(127), z.regex(/^[A-Za-z_][A-Za-z0-9_.]*$/))

/** A key that becomes a file name below the bundle folder: no separators, no leading dot. */
const scriptKey = z.string().check(z.minLength(1), z.maxLength(127), z.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/))

/** A relative path below the bundle's `resources`, without empty, `.` or `..` segments. */
const resourcePath = z.string().check(
  z.minLength(1),
  z.maxLength(512),
  z.refine(
    (path) =>
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0')),
    {
      message: 'is not a plain relative path',
    },
  ),
)

/** `metadata` in module.json5. */
const metadata = z.optional(
  z
    .array(
      z.object({
        name: z.string().check(z.maxLength(255)),
        value: z.string().check(z.maxLength(255)),
        resource: z.string().check(z.maxLength(255)),
      }),
    )
    .check(z.maxLength(256)),
)

const ability = z.object({
  name: identifier,
  kind: z.enum(['page', 'extension']),
  /** `type` in module.json5 (`vpn`), `''` for a page. */
  type: z.string().check(z.maxLength(64)),
  /** Key into `scripts`. */
  script: scriptKey,
  /** The export that holds the class: `default`, or a name when the module has no default export. */
  exportName: z.string().check(z.minLength(1), z.maxLength(127)),
  description: z._default(z.string().check(z.maxLength(1024)), ''),
  metadata,
})

const module = z.object({
  name: identifier,
  type: z.enum(['entry', 'feature', 'har', 'shared']),
  abilities: z.array(ability).check(z.maxLength(256)),
  permissions: z.array(plainText.check(z.maxLength(256))).check(z.maxLength(256)),
  metadata,
  /** Suites of tests (`src/ohosTest`): key into `scripts`; its default export is called to declare them. */
  testSuite: z.optional(scriptKey),
})

/** A file name that a native library may have: `libentry.so`, `libssl.so.3`. */
const libraryName = z
  .string()
  .check(z.maxLength(127), z.regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*\.so(\.[0-9.]+)?$/))

/** Format 1 of a bundle archive: UTF-8 JSON in a sealed memfd. Unknown members are refused. */
export const bundleArchive = z.strictObject({
  format: z.literal(1),
  app: z.strictObject({
    bundleName,
    vendor: plainText.check(z.maxLength(256)),
    versionCode: z.number().check(z.int(), z.nonnegative()),
    versionName: plainText.check(z.maxLength(128)),
    label: plainText.check(z.maxLength(256)),
    /** Milliseconds since the epoch after which a crowdtesting build may not start (16000008). */
    crowdtestingExpiresAt: z.optional(z.number().check(z.int())),
  }),
  modules: z.array(module).check(z.minLength(1), z.maxLength(64)),
  /** CommonJS text of each entry, with kits left as `require` calls, and its source map. */
  scripts: z.record(scriptKey, z.strictObject({ code: z.string(), map: z.string() })),
  /** rawfile, resfile, profile, media and element files, base64; those of AppScope below `@app`. */
  files: z.record(resourcePath, z.string()),
  /** Native libraries for this machine, base64: modules that the code imports, and what those need. */
  libs: z.optional(z.record(libraryName, z.string())),
  /** `@kit.*` and `@ohos.*` modules the code imports. */
  kits: z.array(plainText.check(z.maxLength(256))).check(z.maxLength(1024)),
  /** `lib*.so` modules the code imports. */
  natives: z.array(z.string().check(z.maxLength(256))).check(z.maxLength(256)),
})

export type BundleArchive = z.infer<typeof bundleArchive>
export type BundleModule = z.infer<typeof module>
export type BundleAbility = z.infer<typeof ability>
