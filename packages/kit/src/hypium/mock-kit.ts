import {
  type AnyFunction,
  functionParameter,
  isFunction,
  objectParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { argumentMatchers, isWanted } from './argument-matchers.ts'
import { AssertException } from './expect.ts'

/** What a stub does for arguments that match. */
interface Answer {
  readonly args: readonly unknown[] | undefined
  readonly perform: (self: unknown, args: readonly unknown[]) => unknown
}

/** What stands in for a method or a property, and what it was called with. */
interface Stub {
  readonly name: string
  readonly isMethod: boolean
  readonly answers: Answer[]
  readonly calls: (readonly unknown[])[]
  readonly restore: () => void
}

const stubs = new WeakMap<AnyFunction, Stub>()

/** `when(stub)(…args).afterReturn(value)` and its like; without arguments, for all that have no answer of their own. */
export function when(mocked: unknown): AnyFunction {
  const stub = isFunction(mocked) ? stubs.get(mocked) : undefined
  if (stub === undefined) throw parameterError('when', 'needs what mockFunc returned')
  return (...args) => {
    const answer = (perform: Answer['perform']): void => {
      stub.answers.unshift({ args: args.length === 0 ? undefined : args, perform })
    }
    return {
      afterReturn: (value: unknown) => answer(() => value),
      afterReturnNothing: () => answer(() => undefined),
      afterAction: (action: unknown) => {
        const run = functionParameter(action, 'afterAction')
        answer((self, given) => Reflect.apply(run, self, given))
      },
      afterThrow: (message: unknown) =>
        answer(() => {
          throw message
        }),
    }
  }
}

/** `MockKit` of the framework. */
export class MockKit {
  readonly #stubs = new Map<object, Stub[]>()

  /** Puts a stub in the place of a method. @returns the stub, for {@link when} */
  mockFunc(target: unknown, method: unknown): AnyFunction {
    const object = mockable(target, 'obj')
    return this.#mock(object, nameOf(object, functionParameter(method, 'func')))
  }

  /** The same for a method that only its name leads to. */
  mockPrivateFunc(target: unknown, method: unknown): AnyFunction {
    const object = mockable(target, 'originalObject')
    const name = textParameter(method, 'method')
    if (!isFunction(Reflect.get(object, name))) throw parameterError('method', `there is no method ${name}`)
    return this.#mock(object, name)
  }

  /** Puts a value in the place of that of a property. */
  mockProperty(target: unknown, property: unknown, value: unknown): void {
    const object = mockable(target, 'obj')
    const name = textParameter(property, 'propertyName')
    if (!Object.hasOwn(object, name)) throw parameterError('propertyName', `there is no property ${name}`)
    this.#replace(object, name, value, false)
  }

  #mock(object: object, name: string): AnyFunction {
    const replacement = function (this: unknown, ...args: unknown[]): unknown {
      stub.calls.push(args)
      return answerOf(stub, args)?.perform(this, args)
    }
    const stub = this.#replace(object, name, replacement, true)
    stubs.set(replacement, stub)
    return replacement
  }

  #replace(object: object, name: string, value: unknown, isMethod: boolean): Stub {
    const own = Object.getOwnPropertyDescriptor(object, name)
    const restore = (): void => {
      if (own === undefined) Reflect.deleteProperty(object, name)
      else Object.defineProperty(object, name, own)
    }
    const stub: Stub = { name, isMethod, answers: [], calls: [], restore }
    Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: true })
    this.#stubs.set(object, [...(this.#stubs.get(object) ?? []), stub])
    return stub
  }

  /** Puts stubs in the place of all methods. @returns the object */
  mockObject(target: unknown): object {
    const object = mockable(target, 'obj')
    for (const name of methodNames(object)) this.mockFunc(object, Reflect.get(object, name))
    return object
  }

  /** How often a stub was called with these arguments. */
  verify(method: unknown, args: unknown): Record<string, (count?: unknown) => void> {
    const name = textParameter(method, 'methodName')
    const wanted: readonly unknown[] = Array.isArray(args) ? args : []
    const calls = [...this.#stubs.values()]
      .flat()
      .filter((stub) => stub.name === name)
      .flatMap((stub) => stub.calls)
      .filter((given) => wanted.length === given.length && matches(wanted, given)).length
    const check = (holds: boolean, words: string): void => {
      if (!holds) throw new AssertException(`${name} was called ${calls} times, not ${words}`)
    }
    return {
      times: (count) => check(calls === Number(count), `${Number(count)}`),
      once: () => check(calls === 1, 'once'),
      never: () => check(calls === 0, 'never'),
      atLeast: (count) => check(calls >= Number(count), `at least ${Number(count)}`),
      atMost: (count) => check(calls <= Number(count), `at most ${Number(count)}`),
    }
  }

  /** Puts the original of one method or property back. @param method what {@link mockFunc} returned, or a name */
  ignoreMock(target: unknown, method: unknown): void {
    const object = mockable(target, 'obj')
    const name = isFunction(method) ? stubs.get(method)?.name : method
    const all = this.#stubs.get(object) ?? []
    for (const stub of all.filter((each) => each.name === name).toReversed()) stub.restore()
    this.#stubs.set(
      object,
      all.filter((each) => each.name !== name),
    )
  }

  /** Whether a method has answers of {@link when}, or a property has another value. */
  isMocked(target: unknown, name: unknown): boolean {
    const all =
      isFunction(target) || (typeof target === 'object' && target !== null) ? this.#stubs.get(target) : []
    return (all ?? []).some((stub) => stub.name === name && (stub.answers.length > 0 || !stub.isMethod))
  }

  /** Puts the originals of an object back. */
  clear(target: unknown): void {
    const object = mockable(target, 'obj')
    for (const stub of (this.#stubs.get(object) ?? []).toReversed()) stub.restore()
    this.#stubs.delete(object)
  }

  clearAll(): void {
    for (const object of this.#stubs.keys()) this.clear(object)
  }
}

function answerOf(stub: Stub, given: readonly unknown[]): Answer | undefined {
  return (
    stub.answers.find(({ args }) => args !== undefined && matches(args, given)) ??
    stub.answers.find(({ args }) => args === undefined)
  )
}

function matches(wanted: readonly unknown[], given: readonly unknown[]): boolean {
  if (wanted.length > given.length) return wanted.every((each) => each === argumentMatchers['any'])
  return wanted.every((each, index) => isWanted(each, given[index]))
}

/** @throws BusinessError 401 for a function that is no method of the object */
function nameOf(object: object, method: AnyFunction): string {
  const name = methodNames(object).find((each) => Reflect.get(object, each) === method)
  if (name === undefined) throw parameterError('func', 'is no method of the object')
  return name
}

/** An object, or a class, whose static members are mocked. */
function mockable(value: unknown, field: string): object {
  return isFunction(value) ? value : objectParameter(value, field)
}

function methodNames(object: object): string[] {
  const names = new Set<string>()
  for (
    let at: object | null = object;
    at !== null && at !== Object.prototype && at !== Function.prototype;
    at = parentOf(at)
  )
    for (const name of Object.getOwnPropertyNames(at))
      if (name !== 'constructor' && isFunction(Reflect.get(object, name))) names.add(name)
  return [...names]
}

function parentOf(object: object): object | null {
  const parent: unknown = Object.getPrototypeOf(object)
  return typeof parent === 'object' || isFunction(parent) ? parent : null
}
