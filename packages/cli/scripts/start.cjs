/**
 * dist/bundle/start.cjs: runs the bundled command with the code that V8 compiled of it when it was built, which saves half of what
 * loading takes. Another version of V8 refuses that code and compiles anew.
 */
const { existsSync, readFileSync } = require('node:fs')
const { pathToFileURL } = require('node:url')
const { Script } = require('node:vm')

const path = `${__dirname}/command.js`
const compiled = `${path}.compiled`
const url = pathToFileURL(path)
const script = new Script(`(function (require, bundleUrl) {\n${readFileSync(path, 'utf8')}\n})`, {
  filename: url.href,
  lineOffset: -1,
  ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
})
script.runInThisContext()(require, url)
