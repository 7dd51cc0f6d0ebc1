/**
 * Stands in for the package `koffi` inside the host image: loads the same native module directly. The package's own
 * loader reads the headers of the node binary to find out the C library, which took 10 ms of each stage's start.
 */
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL(`./koffi/${process.platform}-${process.arch}/`, import.meta.url))

function load() {
  const failures = []
  for (const library of ['glibc', 'musl']) {
    const module = { exports: {} }
    try {
      process.dlopen(module, `${folder}${library}.node`)
      return module.exports
    } catch (error) {
      failures.push(error.message)
    }
  }
  throw new Error(`host image: no native module for this machine:\n${failures.join('\n')}`)
}

export default load()
