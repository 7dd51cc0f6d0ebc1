/** The program of the engine's worker thread; `openWireGuard` starts it. */
import { runPump } from '@vpnext/packet'
import { EngineTransform } from './engine-transform.ts'

await runPump((context) => new EngineTransform(context))
