import { taskError } from './task-error.ts'
import { type Task, type TaskUse, factsOf } from './task.ts'

/**
 * Notes by what a task is executed from now on.
 *
 * @throws BusinessError 10200051 for one that is executed periodically, 10200057 for one that something else executes
 */
export function takeFor(task: Task, use: TaskUse): void {
  const facts = factsOf(task)
  if (facts.use === 'periodic') throw taskError(10200051, 'task')
  if (facts.use !== 'nothing yet' && facts.use !== use) throw taskError(10200057, 'task')
  facts.use = use
}
