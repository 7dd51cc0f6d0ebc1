import { BusinessError } from '@vpnext/api'

import { integerParameter } from '../../parameters.ts'
import { outOfRange } from '../arkts-error.ts'

/** Nothing is in a container of which somebody wants an element: 10200010 (errorcode-utils of the HarmonyOS documents). */
export function emptyContainer(): BusinessError {
  return new BusinessError(10200010, 'Container is empty.')
}

/** A place in a container of that many elements. @throws BusinessError 401, 10200001 */
export function indexParameter(value: unknown, length: number, field = 'index'): number {
  const index = integerParameter(value, field)
  if (index < 0 || index >= length) throw outOfRange(field)
  return index
}

/** The bounds of a part: `from` included, `to` not. @throws BusinessError 401, 10200001 */
export function rangeParameters(from: unknown, to: unknown, length: number): [from: number, to: number] {
  const start = integerParameter(from, 'fromIndex')
  const end = integerParameter(to, 'toIndex')
  if (start < 0 || start >= length) throw outOfRange('fromIndex')
  if (end < start || end > length) throw outOfRange('toIndex')
  return [start, end]
}
