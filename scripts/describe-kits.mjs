/**
 * Writes docs/kits.md, the list of names by which `vpnext install` says what is lacking, and that of the names that fail 801, from the kits as they
 * are (build first) and from `packages/kit/surface`, which says what HarmonyOS has. With `--check` it writes nothing, and fails when they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { readKitSurface } from './lib/kit-surface.mjs'
import { StepFailed, main, say } from './lib/progress.mjs'
import { root } from './lib/workspace.mjs'

const intro = `# Kits

<!-- Written by scripts/describe-kits.mjs from the kits themselves: change packages/kit, then run it. -->

What of HarmonyOS's kits extension code may import here, and what of it does what it does on a device. System API, which is for applications of the
device's maker, is left out, apart from that of \`vpnExtension\`.

- **provided**: does what the device's documentation says; differences that matter are named.
- **partly**: is there, and does less; it says what.
- **absent**: \`vpnext install\` names it before anything runs. Code that looks at it sees a function, as on a device; whatever it does with it fails with
  error 801 and its name. Names that HarmonyOS does not have are undefined, so \`typeof connection.later === 'function'\` asks as it does there.

Every \`@ohos.x\` name below is a module with a default export, and a member of the kit it stands under; \`@ohos:x\` means the same. Types for editors
come with \`@vpnext/kit\` (packages/kit/README.md).
`

function section({ kit, modules, absent }) {
  const parts = modules.filter(({ isThere }) => isThere).map(moduleText)
  const none = [...modules.filter(({ isThere }) => !isThere).map(({ name }) => name), ...absent]
  const rest = none.length === 0 ? [] : [`Absent as a whole: ${code(none)}.`]
  return [`## ${kit}`, ...parts, ...rest].join('\n\n')
}

function moduleText({ name, module, differences, members }) {
  const group = (status) => members.filter((member) => member.status === status)
  const lines = [
    ['provided', code(group('provided').map((member) => member.name))],
    [
      'partly',
      group('partly')
        .map(({ name: member, note }) => `\`${member}\` (${note})`)
        .join('; '),
    ],
    ['absent', code(group('absent').map((member) => member.name))],
  ]
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `- **${title}**: ${text}`)
  const about = differences === '' ? [] : [`${differences[0].toUpperCase()}${differences.slice(1)}.`]
  return [`### ${name} — \`${module}\``, ...about, lines.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
}

function code(names) {
  return names.map((name) => `\`${name}\``).join(', ')
}

function summary(kits) {
  const rows = kits.map(({ kit, modules }) => {
    const members = modules.filter(({ isThere }) => isThere).flatMap((module) => module.members)
    const count = (status) => members.filter((member) => member.status === status).length
    return `| \`${kit}\` | ${modules.filter(({ isThere }) => isThere).length} | ${count('provided')} | ${count('partly')} | ${count('absent')} |`
  })
  return ['| kit | modules | members provided | partly | absent |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}

/** vpnext's own modules have no counterpart. */
function ownModules({ modules }) {
  const own = Object.keys(modules).filter((name) => name.startsWith('@vpnext/'))
  return own.length === 0 ? [] : [`## vpnext's own\n\n${code(own)}: see their READMEs. They exist here only.`]
}

function namesModule(provided) {
  return `/**
 * What the kits provide, for those who want to know without loading them. Written by scripts/describe-kits.mjs.
 */

/** For each kit its members, and the module that each one is; null where no module is its like. */
export const providedKits: Readonly<Record<string, Readonly<Record<string, string | null>>>> = ${JSON.stringify(provided.kits)}

/** For each module the members of its default export; null for a class. */
export const providedModules: Readonly<Record<string, readonly string[] | null>> = ${JSON.stringify(provided.modules)}
`
}

function absentModule(kits) {
  const names = {}
  const add = (of, name) => (names[of] ??= new Set()).add(name)
  for (const { kit, modules, absent } of kits) {
    for (const name of absent) add(kit, name)
    for (const { name: namespace, isThere, members } of modules) {
      if (!isThere) add(kit, namespace)
      for (const { name, status } of isThere ? members : []) {
        const [type, member] = name.split('.')
        if (status === 'absent') add(member === undefined ? namespace : type, member ?? type)
      }
    }
  }
  const sorted = Object.keys(names).toSorted()
  return `/**
 * What HarmonyOS has and the kits lack. Written by scripts/describe-kits.mjs.
 */

/** For each kit, namespace and type the members that are absent. */
export const absentNames: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(
    Object.fromEntries(sorted.map((of) => [of, Array.from(names[of], String).toSorted()])),
  )}
`
}

await main(async () => {
  const { kits, provided } = await readKitSurface()
  const page = [intro, summary(kits), ...kits.map(section), ...ownModules(provided)].join('\n\n')
  const files = [
    ['docs/kits.md', page, 'markdown'],
    ['packages/kit/src/surface/provided-names.ts', namesModule(provided), 'typescript'],
    ['packages/kit/src/surface/absent-names.ts', absentModule(kits), 'typescript'],
  ]
  const stale = []
  for (const [path, text, parser] of files) {
    const file = join(root, path)
    const options = await resolveConfig(file)
    const wanted = await format(text, { ...options, parser })
    if (readIfThere(file) === wanted) continue
    stale.push(path)
    if (!process.argv.includes('--check')) writeFileSync(file, wanted)
  }
  if (stale.length > 0 && process.argv.includes('--check')) {
    throw new StepFailed(`${stale.join(' and ')} not as the kits are: run node scripts/describe-kits.mjs`)
  }
  say(stale.length === 0 ? 'docs/kits.md: as the kits are' : `written: ${stale.join(', ')}`)
})

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
