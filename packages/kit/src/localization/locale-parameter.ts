import { parameterError, textParameter } from '../parameters.ts'

/** @throws BusinessError 401; `890001` on the device of newer versions, which is the same mistake */
export function localeParameter(value: unknown, field: string): Intl.Locale {
  try {
    return new Intl.Locale(textParameter(value, field).replaceAll('_', '-'))
  } catch {
    throw parameterError(field, 'is not a locale')
  }
}
