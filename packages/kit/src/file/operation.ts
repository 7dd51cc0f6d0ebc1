import { type Forms, callForms } from '../call-forms.ts'
import { asFileError } from './file-error.ts'

export type { Forms } from '../call-forms.ts'

/** One function of the file kit: how its arguments are read, and what it does with them, waiting or not. */
export interface Operation<Input, Output> {
  /** @throws BusinessError 13900020 naming the argument */
  read(args: readonly unknown[]): Input
  now(input: Input): Output
  /**
   * Absent for what a system call or two on a path do: the other forms do it at the call too, because code that does not wait
   * for `mkdir` finds the folder there on the device, whose threads are quicker than what comes next.
   */
  later?(input: Input): Promise<Output>
}

/** Makes both forms. Arguments of the wrong type throw at once in either; all errors are BusinessErrors 139000xx. */
export function forms<Input, Output>(operation: Operation<Input, Output>): Forms<Output> {
  return callForms(operation, asFileError)
}
