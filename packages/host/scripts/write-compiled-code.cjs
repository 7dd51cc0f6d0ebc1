/**
 * `node write-compiled-code.cjs <file.js> <file.cache> <name>`: runs a CommonJS file to its end and leaves what V8 has compiled of it
 * by then, for `cachedData` of a Script of the same text. `name` is what stack traces call it. What the file itself comes to, and
 * says, does not matter: stage 2 gives up at once where no stage 1 was.
 */
const { readFileSync, writeFileSync } = require('node:fs')
const { wrap } = require('node:module')
const { Script } = require('node:vm')

const [, , file, cache, filename] = process.argv
const script = new Script(wrap(readFileSync(file, 'utf8')), { filename })
process.on('exit', () => {
  writeFileSync(cache, script.createCachedData())
  process.exitCode = 0
})
script.runInThisContext()(exports, require, module, file, require('node:path').dirname(file))
