import { type AnyFunction, functionParameter, parameterError, textParameter } from '../parameters.ts'

/** `util.Aspect`: puts code before, after or in the place of a class's methods. */
export const Aspect: object = {
  /** `before(instance, …arguments)` runs first. */
  addBefore(target: unknown, name: unknown, isStatic: unknown, before: unknown): void {
    const first = functionParameter(before, 'before')
    wrap(target, name, isStatic, (method, self, args) => {
      first(self, ...args)
      return Reflect.apply(method, self, args)
    })
  },

  /** `after(instance, result, …arguments)` runs last, and gives the result. */
  addAfter(target: unknown, name: unknown, isStatic: unknown, after: unknown): void {
    const last = functionParameter(after, 'after')
    wrap(target, name, isStatic, (method, self, args) =>
      last(self, Reflect.apply(method, self, args), ...args),
    )
  },

  /** `instead(instance, …arguments)` runs, and the method does not. */
  replace(target: unknown, name: unknown, isStatic: unknown, instead: unknown): void {
    const other = functionParameter(instead, 'instead')
    wrap(target, name, isStatic, (_method, self, args) => other(self, ...args))
  },
}

function wrap(
  target: unknown,
  name: unknown,
  isStatic: unknown,
  run: (method: AnyFunction, self: unknown, args: unknown[]) => unknown,
): void {
  const made = functionParameter(target, 'targetClass')
  const owner: unknown = isStatic === true ? made : Reflect.get(made, 'prototype')
  const key = textParameter(name, 'methodName')
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) {
    throw parameterError('targetClass', 'is not a class')
  }
  const method = functionParameter(Reflect.get(owner, key), 'methodName')
  Object.defineProperty(owner, key, {
    value(this: unknown, ...args: unknown[]) {
      return run(method, this, args)
    },
    writable: true,
    configurable: true,
  })
}
