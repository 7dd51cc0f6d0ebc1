// Makes a tunnel and holds it until it is killed; with `killBefore` it kills itself before that step, with `ahead` it closes
// everything before there is a tunnel instead. Plain JavaScript on the built packages, because it is a process of its own.
// Argument: JSON {settings, directory, request, killBefore, ahead}.
import {
  closeAhead,
  createTunnel,
  openJournal,
  planClosed,
  planTunnel,
  readApplicationFacts,
  readKernelFacts,
} from '@vpnext/network'

const { settings, directory, request, killBefore, ahead = false } = JSON.parse(process.argv[2])
const journal = openJournal(directory, settings)
const facts = readKernelFacts(settings)
const faults = {
  before(stepId) {
    if (stepId === killBefore) process.kill(process.pid, 'SIGKILL')
  },
}
if (ahead) closeAhead(planClosed(request, settings, facts), { journal, faults })
else
  await createTunnel(planTunnel(request, settings, facts, readApplicationFacts(journal, settings)), {
    journal,
    faults,
  })
console.log('up')
setInterval(() => undefined, 60_000)
