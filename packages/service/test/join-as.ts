/**
 * A program that joins bundles: `node join-as.mjs <socket> <bundle>…`. Prints one line for each: what the service answered, its
 * control group and that of a child. Then it lives until its standard input ends.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { VarlinkError, connectVarlink } from '@vpnext/varlink'
import { publicInterface } from '../src/protocol/public-interface.ts'

const [socket = '', ...bundles] = process.argv.slice(2)
const ownGroup = (text: string): string | undefined => /^0::(.*)$/m.exec(text)?.[1]
for (const bundleName of bundles) {
  const client = await connectVarlink(socket)
  let answer: unknown
  try {
    answer = (await client.call(publicInterface, 'JoinBundle', { bundleName })).parameters
  } catch (error) {
    answer = error instanceof VarlinkError ? { error: error.error, ...error.parameters } : String(error)
  }
  await client.close()
  const own = ownGroup(readFileSync('/proc/self/cgroup', 'utf8'))
  const child = ownGroup(execFileSync('cat', ['/proc/self/cgroup'], { encoding: 'utf8' }))
  console.log(JSON.stringify({ answer, own, child }))
}
process.stdin.resume()
