import { integerParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'

/** `hiTraceMeter.HiTraceOutputLevel`. */
const outputLevel = { DEBUG: 0, INFO: 1, CRITICAL: 2, COMMERCIAL: 3, MAX: 3 } as const

/** `hiTraceMeter` of `@kit.PerformanceAnalysisKit`. Nothing traces here: the calls check what they are given, and do nothing. */
export function hiTraceMeterNamespace(): object {
  return provide('hiTraceMeter', {
    startTrace: numbered,
    finishTrace: numbered,
    traceByValue: (name: unknown, count: unknown): void => {
      textParameter(name, 'name')
      integerParameter(count, 'count')
    },
    startSyncTrace: leveled,
    finishSyncTrace: (level: unknown): void => void integerParameter(level, 'level'),
    startAsyncTrace: leveled,
    finishAsyncTrace: leveled,
    isTraceEnabled: () => false,
    HiTraceOutputLevel: provide('hiTraceMeter.HiTraceOutputLevel', outputLevel),
  })
}

function numbered(name: unknown, taskId: unknown): void {
  textParameter(name, 'name')
  integerParameter(taskId, 'taskId')
}

function leveled(level: unknown, name: unknown): void {
  integerParameter(level, 'level')
  textParameter(name, 'name')
}
