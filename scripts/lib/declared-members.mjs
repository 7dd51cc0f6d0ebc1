import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const moduleLine = /^declare module '([^']+)'/
const typeLine =
  /^(\s*)(?:export )?(?:default )?(?:abstract )?(?:interface|class) (\w+)(?:<[^>]*>)?(?: extends (?:Omit<)?(\w+))?/
const memberLine = /^(\s*)(?:readonly |static )*(\w+)[?(<:]/

/**
 * What the declarations of the kits say about interfaces and classes, whose instances a script cannot look at without making them.
 * The files are formatted, so that lines and indents say what belongs together.
 *
 * @returns module, type and member to whether the member is declared, inherited ones included; `default` is the default export
 */
export function readDeclaredMembers(folder) {
  const types = new Map()
  for (const file of readdirSync(folder)) {
    let module = ''
    let current
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      module = moduleLine.exec(line)?.[1] ?? module
      const type = typeLine.exec(line)
      if (type !== null) {
        const [, indent, name, base] = type
        current = types.get(`${module} ${name}`) ?? { members: new Set(), base, indent: indent.length }
        types.set(`${module} ${name}`, current)
        if (line.includes('export default')) types.set(`${module} default`, current)
        continue
      }
      const asDefault = /^\s*export default (\w+)$/.exec(line)?.[1]
      const named = types.get(`${module} ${asDefault}`)
      if (named !== undefined) types.set(`${module} default`, named)
      const member = memberLine.exec(line)
      if (member !== null && member[1].length === current?.indent + 2) current.members.add(member[2])
    }
  }
  const isDeclared = (module, type, member) => {
    const found = types.get(`${module} ${type}`)
    if (found === undefined) return false
    return found.members.has(member) || (found.base !== undefined && isDeclared(module, found.base, member))
  }
  return isDeclared
}
