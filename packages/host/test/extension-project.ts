import { compileProject, packBundle, readProject } from '@vpnext/arkts'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A HarmonyOS project of one module, written for a test. */
export interface ExtensionProject {
  readonly bundleName: string
  /** ArkTS text of each extension of type vpn, by its ability's name. */
  readonly extensions: Readonly<Record<string, string>>
  /** ArkTS text of each page, by its ability's name. */
  readonly pages?: Readonly<Record<string, string>>
  /** Names of extensions of another type, and of pages. */
  readonly others?: { readonly extension?: string; readonly page?: string }
  readonly permissions?: readonly string[]
}

/** The text of a file of test/extensions. */
export function extensionText(name: string): string {
  return readFileSync(fileURLToPath(new URL(`extensions/${name}`, import.meta.url)), 'utf8')
}

/** Compiles the project as `vpnext install` does. @returns the bundle's archive */
export async function archiveOf(project: ExtensionProject): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-project-'))
  try {
    for (const [path, text] of Object.entries(filesOf(project))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return packBundle(await compileProject(await readProject(folder), { pages: project.pages !== undefined }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function filesOf({
  bundleName,
  extensions,
  pages = {},
  others = {},
  permissions = [],
}: ExtensionProject): Record<string, string> {
  const sources = Object.entries(extensions)
  const declared = (name: string, type: string): object => ({ name, srcEntry: `./ets/${name}.ets`, type })
  const app = {
    bundleName,
    vendor: 'vpnext',
    versionCode: 1_000_000,
    versionName: '1.0.0',
    label: bundleName,
  }
  const module = {
    name: 'entry',
    type: 'entry',
    deviceTypes: ['phone'],
    abilities: [...Object.keys(pages), ...(others.page === undefined ? [] : [others.page])].map((name) => ({
      name,
      srcEntry: `./ets/${name}.ets`,
    })),
    extensionAbilities: [
      ...sources.map(([name]) => declared(name, 'vpn')),
      ...(others.extension === undefined ? [] : [declared(others.extension, 'backup')]),
    ],
    requestPermissions: ['ohos.permission.INTERNET', ...permissions].map((name) => ({ name })),
  }
  return {
    'AppScope/app.json5': JSON.stringify({ app }),
    'entry/src/main/module.json5': JSON.stringify({ module }),
    ...Object.fromEntries(
      [...sources, ...Object.entries(pages)].map(([name, text]) => [`entry/src/main/ets/${name}.ets`, text]),
    ),
    ...Object.fromEntries(
      Object.values(others).map((name) => [`entry/src/main/ets/${name}.ets`, 'export default class {}\n']),
    ),
  }
}
