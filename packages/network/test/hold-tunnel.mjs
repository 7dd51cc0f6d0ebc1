// Makes a tunnel and holds it until it is killed; with `killBefore` it kills itself before that step. Plain JavaScript on
// the built packages, because it is a process of its own. Argument: JSON {settings, directory, request, killBefore}.
import { createTunnel, openJournal, planTunnel, readApplicationFacts, readKernelFacts } from '@vpnext/network'

const { settings, directory, request, killBefore } = JSON.parse(process.argv[2])
const journal = openJournal(directory, settings)
const facts = readKernelFacts(settings)
const plan = planTunnel(request, settings, facts, readApplicationFacts(journal, settings))
const faults = {
  before(stepId) {
    if (stepId === killBefore) process.kill(process.pid, 'SIGKILL')
  },
}
await createTunnel(plan, { journal, faults })
console.log('up')
setInterval(() => undefined, 60_000)
