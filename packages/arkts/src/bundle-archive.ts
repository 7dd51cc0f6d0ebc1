import { bundleArchive, maxArchiveBytes } from '@vpnext/service/protocol'
import type { BundleAbility, BundleArchive, BundleModule } from '@vpnext/service/protocol'

import type { CompiledProject } from './compile.ts'
import type { NativeParts } from './native/native-modules.ts'
import { ProjectError, fileProblem } from './project-error.ts'
import { formatKeyPath } from './json5-positions.ts'
import type { ProjectModule } from './project-module.ts'
import { testKey } from './test-module.ts'

/** What stands in `scripts` for an ability that is listed but not compiled. */
const noScript = { code: '', map: '' }

/**
 * Packs a compiled project into a bundle archive (format 1): JSON in UTF-8, keys sorted, without times or absolute
 * paths. The same project gives the same bytes, and so the same code hash, on any machine.
 *
 * @param native libraries and stand-ins, see {@link prepareNativeModules}
 * @throws ProjectError when the archive's schema refuses it, or when it is larger than the service takes (64 MiB)
 */
export function packBundle(compiled: CompiledProject, native?: NativeParts): Uint8Array {
  const archive = toArchive(compiled, native)
  if (archive.modules.length === 0) {
    const reason = 'there is no module to install: those of type har are part of others'
    throw new ProjectError(fileProblem('build-profile.json5', reason, 'install the project that uses them'))
  }
  const checked = bundleArchive.safeParse(archive)
  if (!checked.success) {
    const [first, ...others] = checked.error.issues.map(({ path, message }) =>
      fileProblem('.', `the archive is refused: ${formatKeyPath(path.map(toStep))}: ${message}`),
    )
    throw new ProjectError(first ?? fileProblem('.', 'the archive is refused'), ...others)
  }
  const bytes = new TextEncoder().encode(JSON.stringify(checked.data, sortKeys))
  if (bytes.length > maxArchiveBytes) {
    const reason = `the bundle has ${bytes.length} bytes, more than ${maxArchiveBytes}: ${largestParts(checked.data)}`
    throw new ProjectError(fileProblem('.', reason, tooLargeHint))
  }
  return bytes
}

const tooLargeHint =
  'resources and native libraries count one third more than their size; strip --strip-unneeded makes libraries smaller'

/** What somebody could do something about: the three that take most, with what they take. */
function largestParts({ scripts, files, libs = {} }: BundleArchive): string {
  const sizes = [
    ...Object.entries(scripts).map(
      ([name, { code, map }]) => [`code of ${name}`, code.length + map.length] as const,
    ),
    ...Object.entries({ ...files, ...libs }).map(([name, { length }]) => [name, length] as const),
  ]
  const largest = sizes.toSorted(([, one], [, other]) => other - one).slice(0, 3)
  return largest.map(([name, size]) => `${name} ${size}`).join(', ')
}

function toArchive(compiled: CompiledProject, native: NativeParts | undefined): BundleArchive {
  const { app, modules } = compiled.project
  const skipped = compiled.notCompiled.map((name) => [name, noScript] as const)
  const suites = [...compiled.tests].map(([module, entry]) => [testKey(module), entry] as const)
  const standIns = [...(native?.standIns ?? [])]
  const scripts = [...compiled.entries, ...compiled.pages, ...compiled.workers, ...suites, ...standIns].map(
    ([name, { code, map }]) => [name, { code, map }] as const,
  )
  const kits = new Set([...compiled.kits, ...standIns.flatMap(([, script]) => script.kits)])
  return {
    format: 1,
    app: { ...app },
    // A static library is part of the modules that are built with it; its tests are a module of their own.
    modules: modules
      .filter(({ type, name }) => type !== 'har' || compiled.tests.has(name))
      .map((module) => toModule(module, compiled)),
    scripts: Object.fromEntries([...skipped, ...scripts]),
    files: base64(compiled.files),
    ...(native !== undefined && native.libraries.size > 0 && { libs: base64(native.libraries) }),
    kits: [...kits].toSorted(),
    natives: [...compiled.natives],
  }
}

function base64(files: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]))
}

function toModule(module: ProjectModule, compiled: CompiledProject): BundleModule {
  const abilities = module.abilities.map(({ name, kind, type, description, metadata }): BundleAbility => ({
    name,
    kind,
    type,
    script: name,
    exportName: (compiled.entries.get(name) ?? compiled.pages.get(name))?.exportName ?? 'default',
    description,
    ...(metadata.length > 0 && { metadata: [...metadata] }),
  }))
  return {
    name: module.name,
    type: module.type,
    abilities,
    permissions: [...module.permissions],
    ...(module.metadata.length > 0 && { metadata: [...module.metadata] }),
    ...(compiled.tests.has(module.name) && { testSuite: testKey(module.name) }),
  }
}

function toStep(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step)
}

/** For JSON.stringify: objects with their members in the order of their names' code units. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
