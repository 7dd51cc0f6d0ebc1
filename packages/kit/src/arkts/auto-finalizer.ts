import { functionParameter, objectParameter, type AnyFunction } from '../parameters.ts'
import { provide } from '../provided.ts'

/** `util.AutoFinalizer`: subclasses have `onFinalization`. */
export class AutoFinalizer {
  onFinalization(_heldValue: unknown): void {
    return undefined
  }
}

/** `util.AutoFinalizerCleaner`: `register(object, heldValue)` calls the object's `onFinalization(heldValue)` once it is gone. */
export function autoFinalizerCleaner(): object {
  const registry = new FinalizationRegistry<{ readonly call: AnyFunction; readonly value: unknown }>(
    ({ call, value }) => void call(value),
  )
  return provide('util.AutoFinalizerCleaner', {
    register: (object: unknown, value: unknown) => {
      const target = objectParameter(object, 'obj')
      // The object itself is not there any more by then.
      const call = functionParameter(Reflect.get(target, 'onFinalization'), 'obj.onFinalization')
      registry.register(target, { call, value })
    },
  })
}
