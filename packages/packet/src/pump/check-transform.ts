import type { Transform } from './transform.ts'

const needed = ['fromTun', 'fromUdp'] as const
const optional = ['onTimer', 'onMessage', Symbol.dispose] as const

/**
 * What a transform module has made, before a packet finds out: it may be JavaScript, and TypeScript, too, takes an async function
 * for one that returns nothing.
 *
 * @throws TypeError naming the method that is missing or cannot be one
 */
export function checkTransform(made: unknown): Transform {
  if (typeof made !== 'object' || made === null)
    throw new TypeError(
      `transform: what was made is ${String(made)}, and no object with ${needed.join(' and ')}`,
    )
  for (const name of [...needed, ...optional]) {
    const method: unknown = Reflect.get(made, name)
    if (method === undefined && isOptional(name)) continue
    const text = `transform: ${String(name)}`
    if (typeof method !== 'function') throw new TypeError(`${text} is ${String(method)}, and no function`)
    if (isOtherThanPlain(method))
      throw new TypeError(
        `${text} is an async function or a generator: nothing of that kind goes on in this thread`,
      )
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as far as it can be known
  return made as Transform
}

function isOptional(name: string | symbol): boolean {
  return optional.some((each) => each === name)
}

function isOtherThanPlain(method: object): boolean {
  return Object.prototype.toString.call(method) !== '[object Function]'
}
