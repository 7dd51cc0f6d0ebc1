import { memfdSealed } from '@vpnext/native'
import { publicInterface } from '@vpnext/service/protocol'
import { connectVarlink } from '@vpnext/varlink'
import { idleArchive } from './idle-archive.ts'

/**
 * One user of many: `user.js <run folder> <uid> <bundles>`. As that user, installs so many bundles, allows them and starts the
 * extension of each; ends with 0 when all run.
 */
const [runDir = '', uid = '', count = ''] = process.argv.slice(2)
process.setgroups?.([])
process.setgid?.(Number(uid))
process.setuid?.(Number(uid))

const client = await connectVarlink(`${runDir}/io.vpnext`)
for (let number = 0; number < Number(count); number += 1) {
  const bundleName = `io.vpnext.idle${number}`
  using file = memfdSealed('archive', idleArchive(bundleName))
  await client.call(publicInterface, 'Install', {}, { fds: [file] })
  await client.call(publicInterface, 'AnswerConsent', { bundleName, allow: true })
  await client.call(publicInterface, 'StartAbility', { want: { bundleName, abilityName: 'IdleAbility' } })
}
await client.close()
