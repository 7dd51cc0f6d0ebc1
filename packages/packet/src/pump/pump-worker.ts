/** The program of a pump's worker thread; `startPump` starts it. */
import { runPump } from './run-pump.ts'

await runPump()
