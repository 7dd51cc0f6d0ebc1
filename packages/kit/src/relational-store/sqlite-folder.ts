import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** Where SQLite lies, as JavaScript and WebAssembly. A bundler puts a module of its own in this one's place. */
export const sqliteFolder = (): string => dirname(createRequire(import.meta.url).resolve('node-sqlite3-wasm'))
