/** node's own modules that take 0.5 to 5 ms to load and that not every extension needs: TLS, DNS, threads … */
const heavy = [
  'child_process',
  'crypto',
  'dgram',
  'dns/promises',
  'fs/promises',
  'http',
  'net',
  'timers/promises',
  'tls',
  'vm',
  'worker_threads',
  'zlib',
]

const declaration = new RegExp(
  String.raw`\b(\w+)=(__toESM\()?require\("node:(?:${heavy.join('|')})"\)\)?(?=[,;])`,
  'g',
)

/**
 * Makes heavy modules of node load at their first use. They are in the node binary, so the sandbox does not mind when.
 *
 * @param {string} text a CommonJS bundle as esbuild writes it, names not minified: `var import_node_tls=require("node:tls")`
 * @returns {string} the same with `import_node_tls()` wherever the module is used
 * @throws {Error} when there is none: then esbuild writes them in another way by now
 */
export function lazyBuiltins(text) {
  const names = [...text.matchAll(declaration)].map(([, name]) => name)
  if (names.length === 0) throw new Error('lazy-builtins: no module of node found')
  // `new a().B()` would make an object of a: the call needs parentheses of its own there.
  const constructed = new RegExp(String.raw`\bnew (${names.join('|')})\b(?!=)`, 'g')
  const used = new RegExp(String.raw`\b(${names.join('|')})\b(?![=(])`, 'g')
  return `${lazy}${text
    .replace(constructed, 'new ($1())')
    .replace(used, '$1()')
    .replace(declaration, (whole, name) => `${name}=lazyBuiltin(()=>${whole.slice(name.length + 1)})`)}`
}

const lazy = 'var lazyBuiltin=load=>{var loaded;return()=>loaded??=load()};'
