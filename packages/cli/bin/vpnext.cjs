#!/usr/bin/env node
/**
 * `vpnext`, before and after the build: npm links this file when it installs, and the compiled command comes later. It takes the command
 * that scripts/build-command.mjs has bundled, one file instead of 400, as long as no package was compiled after it. CommonJS, because
 * node starts modules later.
 */
const { accessSync, constants, existsSync, readdirSync, statSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const packages = join(__dirname, '../..')
const bundle = join(__dirname, '../dist/bundle/start.cjs')
const modules = join(__dirname, '../dist/command.js')

leaveClosedFolder()
if (isFresh(bundle)) require(bundle)
else if (existsSync(modules)) void import(pathToFileURL(modules).href)
else {
  process.stderr.write('vpnext: not built yet\n  npm run build\n')
  process.exitCode = 1
}

/**
 * Goes to `/` where the working folder is closed to this user, as after `sudo -u somebody`, or was removed: no program can be started
 * there, and no relative path found.
 */
function leaveClosedFolder() {
  try {
    accessSync('.', constants.X_OK)
    // One that was removed is there still, and has no name.
    process.cwd()
  } catch {
    process.chdir('/')
  }
}

/** Whether it is there, and made after all that it is made of. */
function isFresh(file) {
  const made = modified(file)
  const compiled = readdirSync(packages).map((name) => modified(join(packages, name, 'dist/.tsbuildinfo')))
  return made !== undefined && compiled.every((time) => time === undefined || time <= made)
}

/** In ms since 1970; undefined when there is no such file. */
function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
