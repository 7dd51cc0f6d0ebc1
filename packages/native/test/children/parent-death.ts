// First run: starts itself once more and waits. Second run: asks to die with the first, tells its pid, and waits.
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'

import { setParentDeathSignal } from '@vpnext/native'

if (process.argv[2] === 'second') {
  setParentDeathSignal('SIGKILL')
  writeSync(1, `${process.pid}\n`)
} else {
  spawn(process.execPath, [process.argv[1] ?? '', 'second'], { stdio: ['ignore', 'inherit', 'inherit'] })
}
setTimeout(() => {}, 60_000)
