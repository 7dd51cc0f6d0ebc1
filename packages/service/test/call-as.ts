/**
 * A client for another user: `node call-as.mjs <socket> <method> <JSON parameters> [<file to install>]`.
 * Prints `{"parameters": …}` or `{"error": …}`.
 */
import { readFileSync } from 'node:fs'
import { memfdSealed } from '@vpnext/native'
import { type MethodName, type VarlinkClient, VarlinkError, connectVarlink } from '@vpnext/varlink'
import { publicInterface } from '../src/protocol/public-interface.ts'

const [socket = '', method = '', parameters = '{}', file] = process.argv.slice(2)
const fds = file === undefined ? [] : [memfdSealed('archive', readFileSync(file))]
let client: VarlinkClient | undefined
try {
  client = await connectVarlink(socket)
  const name = method as MethodName<typeof publicInterface>
  const reply = await client.call(publicInterface, name, JSON.parse(parameters) as never, { fds })
  console.log(JSON.stringify({ parameters: reply.parameters }))
} catch (error) {
  const known = error instanceof VarlinkError
  console.log(JSON.stringify(known ? { error: error.error, ...error.parameters } : { error: String(error) }))
}
await client?.close()
for (const fd of fds) fd.close()
