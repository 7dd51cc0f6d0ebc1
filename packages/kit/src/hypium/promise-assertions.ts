import { isDeepStrictEqual } from 'node:util'

import { isFunction } from '../parameters.ts'
import type { Verdict } from './assertions.ts'
import { show } from './show.ts'

type State =
  | { readonly kind: 'pending' }
  | { readonly kind: 'resolved'; readonly value: unknown }
  | { readonly kind: 'rejected'; readonly reason: unknown }

/** How long a promise may still be on its way when it is asked about, in turns of the microtask queue. */
const turns = 10

/** `expect(promise).assertPromiseIsY(…)`: each looks at the promise as it is now. */
export const promiseAssertions: Readonly<
  Record<string, (actual: unknown, args: readonly unknown[]) => Promise<Verdict>>
> = {
  assertPromiseIsPending: asking('pending', ({ kind }) => kind === 'pending'),
  assertPromiseIsResolved: asking('resolved', ({ kind }) => kind === 'resolved'),
  assertPromiseIsRejected: asking('rejected', ({ kind }) => kind === 'rejected'),
  assertPromiseIsResolvedWith: asking(
    'resolved with',
    (state, [value]) => state.kind === 'resolved' && isDeepStrictEqual(state.value, value),
  ),
  assertPromiseIsRejectedWith: asking(
    'rejected with',
    (state, [value]) => state.kind === 'rejected' && isDeepStrictEqual(state.reason, value),
  ),
  /** A class of errors, a message, or both. */
  assertPromiseIsRejectedWithError: asking(
    'rejected with the error',
    (state, args) =>
      state.kind === 'rejected' && args.length > 0 && args.length <= 2 && isError(state.reason, args),
  ),
}

function asking(
  words: string,
  holds: (state: State, args: readonly unknown[]) => boolean,
): (actual: unknown, args: readonly unknown[]) => Promise<Verdict> {
  return async (actual, args) => {
    if (!isThenable(actual)) return { holds: false, message: 'Expected not be called on a promise.' }
    const state = await stateOf(actual)
    const wanted = args.map(show).join(', ')
    const message = `expected a promise to be ${words} ${wanted}`.trimEnd() + `, but it is ${tell(state)}`
    return { holds: holds(state, args), message }
  }
}

async function stateOf(promise: PromiseLike<unknown>): Promise<State> {
  const settled = watch(promise)
  let state: State = { kind: 'pending' }
  void settled.then((end) => (state = end))
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  return state
}

async function watch(promise: PromiseLike<unknown>): Promise<State> {
  try {
    return { kind: 'resolved', value: await promise }
  } catch (reason) {
    return { kind: 'rejected', reason }
  }
}

function isError(reason: unknown, args: readonly unknown[]): boolean {
  const message = reason instanceof Error ? reason.message : ''
  return args.every((each) => {
    if (isFunction(each))
      return reason instanceof each || (reason instanceof Error && reason.name === each.name)
    return each === message
  })
}

function tell(state: State): string {
  switch (state.kind) {
    case 'pending':
      return 'pending'
    case 'resolved':
      return `resolved with ${show(state.value)}`
    case 'rejected':
      return `rejected with ${show(state.reason)}`
    default:
      return state satisfies never
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && isFunction(Reflect.get(value, 'then'))
}
