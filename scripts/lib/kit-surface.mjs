import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readDeclaredMembers } from './declared-members.mjs'
import { root } from './workspace.mjs'

const kitFolder = join(root, 'packages/kit')

const refuse = () => Promise.reject(new Error('there is no service'))

/** The kits as extension code gets them, of a process that does nothing. */
async function loadKits() {
  const { createKits } = await import(pathToFileURL(join(kitFolder, 'dist/index.js')).href)
  const ability = {
    bundleName: 'com.example.vpn',
    moduleName: 'entry',
    abilityName: 'Vpn',
    versionCode: 1,
    versionName: '1',
    label: '',
    permissions: [],
    systemApplication: false,
  }
  return createKits({
    service: new Proxy({}, { get: () => refuse }),
    ability,
    dataFolder: '/nonexistent',
    bundleFolder: '/nonexistent',
    uid: 0,
    log() {},
  })
}

/** Names that a module or namespace really has, without those that every object has. */
function namesIn(value) {
  return Object.getOwnPropertyNames(value ?? {}).filter((name) => name !== '__esModule')
}

/**
 * Compares what HarmonyOS has (`packages/kit/surface`) with what the kits have.
 *
 * @returns `kits`: for each file of the surface, its modules with every member and a status; `provided`: what is there
 */
export async function readKitSurface() {
  const kits = await loadKits()
  const isDeclared = readDeclaredMembers(join(kitFolder, 'types'))
  const files = readdirSync(join(kitFolder, 'surface'))
    .filter((name) => name.endsWith('.json'))
    .toSorted()
  const surfaces = files.map((name) => JSON.parse(readFileSync(join(kitFolder, 'surface', name), 'utf8')))
  const described = surfaces.map(({ kit, modules, absent }) => ({
    kit,
    modules: modules.map((module) => describeModule(kits, isDeclared, module)),
    absent: words(absent).filter((name) => !namesIn(kits.load(kit)).includes(name)),
  }))
  const provided = {
    kits: providedKits(kits),
    modules: Object.fromEntries(
      kits.names.filter((name) => !name.startsWith('@kit.')).map((name) => [name, membersOf(kits, name)]),
    ),
  }
  return { kits: described, provided }
}

function describeModule(
  kits,
  isDeclared,
  { name, module, members = '', types = {}, partly = {}, differences = '' },
) {
  const loaded = kits.load(module)
  const exported = loaded === undefined ? undefined : Reflect.get(loaded, 'default')
  const present = exported === undefined ? [] : namesIn(exported)
  const status = (isThere, member) =>
    isThere ? (partly[member] === undefined ? 'provided' : 'partly') : 'absent'
  const own = words(members).map((member) => ({
    name: member,
    status: status(present.includes(member), member),
    note: partly[member] ?? '',
  }))
  const typed = Object.entries(types).flatMap(([type, list]) =>
    words(list).map((member) => ({
      name: type === 'default' ? member : `${type}.${member}`,
      status: status(isDeclared(module, type, member), `${type}.${member}`),
      note: partly[`${type}.${member}`] ?? '',
    })),
  )
  return { name, module, isThere: loaded !== undefined, differences, members: [...own, ...typed] }
}

/** For each kit: each member, and the module that has it as its default export (null: none has). */
function providedKits(kits) {
  const modules = new Map(
    kits.names
      .filter((name) => !name.startsWith('@kit.'))
      .map((name) => [Reflect.get(kits.load(name), 'default'), name]),
  )
  const entries = kits.names
    .filter((name) => name.startsWith('@kit.'))
    .map((name) => {
      const loaded = kits.load(name)
      const members = namesIn(loaded).toSorted()
      return [
        name,
        Object.fromEntries(members.map((member) => [member, modules.get(loaded[member]) ?? null])),
      ]
    })
  return Object.fromEntries(entries)
}

/** Members of a namespace, for those who want to know before they run; undefined for a class, which has others. */
function membersOf(kits, name) {
  const exported = Reflect.get(kits.load(name), 'default')
  return typeof exported === 'object' && exported !== null ? namesIn(exported).toSorted() : null
}

function words(text = '') {
  return text.split(' ').filter((word) => word !== '')
}
