import { workerKey } from '@vpnext/service/protocol'
import { existsSync, readdirSync } from 'node:fs'

import { taskError } from '../taskpool/task-error.ts'

/**
 * Finds the script that `new ThreadWorker(url)` means: `entry/ets/workers/Worker.ets`, with `@bundle:com.example.app/` or `@` before it or not, with an
 * ending or not; a path that begins with `./` or `../` is relative to a file that cannot be seen, so the only worker with that path is meant.
 *
 * @returns an absolute path
 * @throws BusinessError 10200007
 */
export function findWorkerScript(bundleFolder: string, url: string): string {
  const place = url
    .replace(/^@bundle:[^/]*\//, '')
    .replace(/^@/, '')
    .replace(/^(\.{0,2}\/)+/, '')
    .replace(/\.(ets|ts|js)$/, '')
  const folder = `${bundleFolder}/scripts`
  const named = `${folder}/${workerKey(place)}.cjs`
  if (place !== '' && existsSync(named)) return named
  const end = workerKey(place).slice(workerKey('').length)
  const like = workersIn(folder).filter((file) => file.endsWith(`.${end}.cjs`))
  const [only] = like
  if (place === '' || only === undefined || like.length > 1) {
    throw taskError(
      10200007,
      'scriptURL',
      new Error(
        `${url} is none of the workers that buildOption.sourceOption.workers in build-profile.json5 names`,
      ),
    )
  }
  return `${folder}/${only}`
}

function workersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((file) => file.startsWith(workerKey('')) && file.endsWith('.cjs'))
}
