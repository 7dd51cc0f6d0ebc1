import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Named imports and exports of one of our packages, types included. */
const ofPackage = /^(import|export) \{([^}]*)\} from '(@vpnext\/[a-z]+(?:\/[a-z-]+)?)'$/gm

/**
 * Rewrites what comes from a package so that it comes from the file that holds it: a bundle that has parts which load later runs all
 * that an index names as soon as one name of it is needed.
 *
 * @param text a TypeScript file
 * @param packages the folder of our packages
 */
export function directImports(text, packages) {
  return text.replaceAll(ofPackage, (whole, word, names, from) => {
    const index = indexOf(from, packages)
    const lines = names.split(',').flatMap((part) => {
      const [, type, name, alias] = /^\s*(type )?([\w$]+)(?: as ([\w$]+))?\s*$/.exec(part) ?? []
      if (name === undefined || type !== undefined) return []
      const file = sourceOf(name, index)
      if (file === undefined) throw new Error(`${from} exports no ${name}: ${whole}`)
      return [`${word} { ${name}${alias === undefined ? '' : ` as ${alias}`} } from ${JSON.stringify(file)}`]
    })
    // All in the lines where it was, for source maps.
    return lines.join(';') + '\n'.repeat(whole.split('\n').length - 1)
  })
}

/** The source that an import of a package means. */
function indexOf(from, packages) {
  const [, name, path] = from.split('/')
  const { exports } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
  return join(packages, name, exports[path === undefined ? '.' : `./${path}`]['@vpnext/source'])
}

/** Each name that an index exports, and the file it takes it from. */
const known = new Map()

function sourceOf(name, index) {
  if (!known.has(index)) known.set(index, readExports(index))
  return known.get(index).get(name)
}

function readExports(index) {
  const text = readFileSync(index, 'utf8')
  const found = new Map()
  for (const [, from] of text.matchAll(/^export \* from '(\.[^']*)'$/gm)) {
    for (const [name, file] of readExports(join(dirname(index), from))) found.set(name, file)
  }
  for (const [, names, from] of text.matchAll(/^export \{([^}]*)\} from '(\.[^']*)'$/gm)) {
    for (const part of names.split(',')) {
      const name = /^\s*([\w$]+)\s*$/.exec(part)?.[1]
      if (name !== undefined) found.set(name, join(dirname(index), from))
    }
  }
  for (const [, name] of text.matchAll(/^export (?:async )?(?:const|function|class) ([\w$]+)/gm))
    found.set(name, index)
  return found
}
