import { limits } from '../limits.ts'
import type { JsonValue, Want } from '../types/want.ts'
import { parameterError, shown } from './field.ts'

const call = 'startVpnExtensionAbility'

/**
 * Where the parameters of a Want speak of a file descriptor: an object of two members, `{ type: 'FD', value: … }`, which is how the
 * document of `Want` has it. It may stand at any depth.
 */
export interface DescriptorPlace {
  /** As errors name it, e.g. `want.parameters.log`. */
  readonly path: string
  /** The member of `want.parameters` that it is; undefined further down. `want.fds` knows these alone. */
  readonly name: string | undefined
  /** The descriptor's number; on the way between processes its place among those that come along. */
  readonly value: JsonValue
  /** Writes another number. */
  put(value: number): void
  /** Leaves the member out; an element of a list becomes null. */
  remove(): void
}

/** @param want a copy that {@link checkWant} has made; `put` and `remove` change it */
export function descriptorPlaces({ parameters }: Want): DescriptorPlace[] {
  const places: DescriptorPlace[] = []
  if (parameters !== undefined) search(parameters, 'want.parameters', true, places)
  return places
}

/**
 * The numbers of all places, in their order.
 *
 * @throws BusinessError 401 for what is no number of a descriptor, and for more than a Want carries
 */
export function descriptorNumbers(places: readonly DescriptorPlace[]): number[] {
  const numbers = places.map(({ path, value }) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= limits.socketFd)
      return value
    throw parameterError(
      { path: `${path}.value`, call },
      `must be the number of a descriptor, not ${shown(value)}`,
    )
  })
  const extra = places[limits.wantDescriptors]
  if (extra === undefined) return numbers
  throw parameterError(
    { path: extra.path, call },
    `a Want carries at most ${limits.wantDescriptors} descriptors`,
  )
}

/** The same Want without its descriptors. @param want a copy that {@link checkWant} has made; it is changed */
export function withoutDescriptors(want: Want): Want {
  for (const place of descriptorPlaces(want)) place.remove()
  return want
}

type Container = JsonValue[] | { [key: string]: JsonValue }

/** The object that stands for a descriptor. */
interface Marker {
  readonly type: 'FD'
  value: JsonValue
}

function search(container: Container, path: string, top: boolean, places: DescriptorPlace[]): void {
  for (const [key, value] of Object.entries(container)) {
    if (typeof value !== 'object' || value === null) continue
    const at = Array.isArray(container) ? `${path}[${key}]` : `${path}.${key}`
    if (isMarker(value)) places.push(placeOf(container, key, value, at, top))
    else search(value, at, false, places)
  }
}

function isMarker(value: object): value is Marker {
  return 'type' in value && value.type === 'FD' && 'value' in value && Object.keys(value).length === 2
}

function placeOf(
  container: Container,
  key: string,
  marker: Marker,
  path: string,
  top: boolean,
): DescriptorPlace {
  return {
    path,
    name: top ? key : undefined,
    value: marker.value,
    put: (value) => {
      marker.value = value
    },
    remove: () => {
      if (Array.isArray(container)) container[Number(key)] = null
      else Reflect.deleteProperty(container, key)
    },
  }
}
