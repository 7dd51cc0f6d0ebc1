/**
 * dist/bundle/start.cjs: runs the bundled command with the code that V8 compiled of it when it was built, which saves half of what
 * loading takes. Another version of V8 refuses that code and compiles anew.
 */
const { existsSync, readFileSync } = require('node:fs')
const { pathToFileURL } = require('node:url')
const { Script } = require('node:vm')

const path = `${__dirname}/${process.argv[2] === 'install' ? 'install.js' : 'command.js'}`
const compiled = `${path}.compiled`
const url = pathToFileURL(path)
// It is ASCII, which as UTF-8 takes longer to read.
const script = new Script(`(function (require, atUsage, bundleUrl) {\n${readFileSync(path, 'latin1')}\n})`, {
  filename: url.href,
  lineOffset: -1,
  ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
})
script.runInThisContext()(require, atUsage, url)

/** A module that is loaded when something of it is used. */
function atUsage(name) {
  return new Proxy({}, { get: (_none, member) => require(name)[member] })
}
