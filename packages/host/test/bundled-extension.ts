import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

import { archiveBytes, sampleArchive } from '../../service/test/sample-archive.ts'

/**
 * An archive of the sample bundle whose extension is a TypeScript file of test/extensions, with all that it imports but
 * the kits.
 *
 * @param name of the file, with its ending
 */
export async function bundledExtension(name: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`extensions/${name}`, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['@vpnext/source'],
    external: ['@kit.*'],
    logLevel: 'warning',
  })
  const code = outputFiles[0]?.text ?? ''
  return archiveBytes(sampleArchive({ scripts: { vpn: { code, map: '' }, page: { code: '', map: '' } } }))
}
