import { exportedValues } from './exported-names.ts'

/** The classes of abilities, by the names that kits have for them. */
const kitClass = /^(?:\w*Ability|AbilityStage)$/

/**
 * Why an export is not what an ability has to be, as far as the text of a bundle tells: a class whose base is given by a call or by
 * a namespace may be anything.
 *
 * @param code of esbuild, as {@link exportedValues}
 * @param base of the class that is wanted, e.g. `VpnExtensionAbility`
 * @returns what it is, after «is»; undefined when nothing is known against it
 */
export function whyNoAbility(code: string, exportName: string, base: string): string | undefined {
  const seen = new Set<string>()
  let value = exportedValues(code).get(exportName)
  while (value !== undefined && !seen.has(value)) {
    seen.add(value)
    const nested = ofNamespace(code, value)
    if (nested !== undefined) return `a class of ${nested}, which HarmonyOS has not`
    const member = /^[\w$]+\.([\w$]+)$/.exec(value)?.[1]
    if (member !== undefined)
      return member !== base && kitClass.test(member) ? `a class of ${member}` : undefined
    const name = value
    const text = valueOf(code, name)
    if (text === undefined) {
      if (isFunction(code, name)) return 'a function'
      return kitClass.test(name) && !isDeclared(code, name)
        ? `a class of ${name}, which is not imported`
        : undefined
    }
    const parent = /^class(?: [\w$]+)? extends ([\w$.]+) \{$/.exec(text)?.[1]
    if (parent === undefined && /^class(?: [\w$]+)? \{$/.test(text)) return 'a class that extends nothing'
    if (/^(?:[{["'`\d-]|true;|false;|null;)/.test(text)) return 'no class'
    if (/^\/\* @__PURE__ \*\/ __name\((?:async )?(?:function|\()/.test(text)) return 'a function'
    value = parent ?? /^([\w$]+);$/.exec(text)?.[1]
  }
  return undefined
}

/** A member of a kit's namespace that is called like an ability's class: those are members of the kits themselves. */
function ofNamespace(code: string, value: string): string | undefined {
  const [, kit = '', namespace = '', member = ''] = /^([\w$]+)\.([\w$]+)\.([\w$]+)$/.exec(value) ?? []
  if (!kitClass.test(member)) return undefined
  const module = /\brequire\("(@(?:kit|ohos)[.:][^"]+)"\)/.exec(valueOf(code, kit) ?? '')?.[1]
  if (module === undefined) return undefined
  return `${namespace === 'default' ? module.replace(/^.*[.:]/, '') : namespace}.${member}`
}

/** What a name stands for, to the end of its line. */
function valueOf(code: string, name: string): string | undefined {
  return new RegExp(`^(?:var|let|const) ${escaped(name)} = (.*)$`, 'm').exec(code)?.[1]
}

function isFunction(code: string, name: string): boolean {
  return new RegExp(`^(?:async )?function\\*? ?${escaped(name)}\\(`, 'm').test(code)
}

/** Whether a name is that of something anywhere: what a kit gives is a member of it. */
function isDeclared(code: string, name: string): boolean {
  return new RegExp(`\\b(?:var|let|const|class|function\\*?) ${escaped(name)}(?![\\w$])`).test(code)
}

function escaped(name: string): string {
  return name.replaceAll('$', String.raw`\$`)
}
