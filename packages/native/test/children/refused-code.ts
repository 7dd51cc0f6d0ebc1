import koffi from 'koffi'

import { cFunction } from '../../src/native-thread.ts'
import { compileCallSequence } from '../../src/packet-io/call-sequence.ts'
import { report } from './report.ts'

// include/uapi/linux/prctl.h
const PR_SET_MDWE = 65
const PR_MDWE_REFUSE_EXEC_GAIN = 1

const control = koffi
  .load(null)
  .func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')
const makes = (): boolean => {
  const routine = cFunction('memset')
  if (routine === null) throw new Error('no memset in this process')
  using sequence = compileCallSequence([{ routine, arguments: [0, 8, 16] }])
  return sequence !== undefined
}

const before = makes()
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the declaration above says
const set = control(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) as number
report({ before, set, after: makes() })
