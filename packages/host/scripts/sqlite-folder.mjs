/** Stands in for the module `sqlite-folder` of `@vpnext/kit`: inside the host image SQLite lies beside the kits. */
import { fileURLToPath } from 'node:url'

export const sqliteFolder = () => fileURLToPath(new URL('./sqlite', import.meta.url))
