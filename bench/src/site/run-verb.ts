import { Writable } from 'node:stream'
import { runCli } from '@vpnext/cli'

/** What a person would type. @throws Error with what it said */
export async function runVerb(args: readonly string[], runDir: string, signal: AbortSignal): Promise<void> {
  let said = ''
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString()
      done()
    },
  })
  const env = { ...process.env, VPNEXT_RUN_DIR: runDir }
  const code = await runCli(args, { stdin: process.stdin, stdout: output, stderr: output, env, signal })
  if (code !== 0) throw new Error(`vpnext ${args.join(' ')} failed: ${said}`)
}
