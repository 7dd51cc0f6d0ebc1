import { capture, labAddresses } from '@vpnext/lab'
import { checkForeign } from './foreign-traffic.ts'
import type { Scenario } from './scenario.ts'
import { checkProtect, checkSample, checkUplink } from './traffic.ts'

/** The bundle whose server stands in the lab, so that its packets can be followed to the far end. */
const sampleBundle = 'io.vpnext.hello'

/** Any project: installed, started and stopped as a person does it. */
export function projectScenario(project: string, bundleName: string): Scenario {
  const isSample = bundleName === sampleBundle
  return {
    prepare: () => Promise.resolve(),
    async bringUp({ session, tell, yes }) {
      await tell.step(`installing ${project}`, () => session.run(['install', project]))
      const consent = yes ? ['--yes'] : []
      const parameters = isSample ? ['--ps', 'echoAddress', labAddresses.internet.v4] : []
      await tell.step(`starting ${bundleName}`, () =>
        session.run(['start', bundleName, ...consent, ...parameters]),
      )
    },
    async check({ lab, session, signal, uplink }, tunnel) {
      if (isSample) {
        const programs = await checkSample(lab, signal)
        return [...programs, ...checkProtect(await session.messages(bundleName), uplink), checkUplink(uplink)]
      }
      using inside = capture(lab.client, tunnel.interfaceName)
      return await checkForeign({ lab, tunnel, inside, uplink, signal })
    },
    countAtGateway({ lab }) {
      if (!isSample) return undefined
      const { fromClients, toClients } = lab.plainGateway.counters
      return {
        fromClients: { v4: fromClients.v4.packets, v6: fromClients.v6.packets },
        toClients: { v4: toClients.v4.packets, v6: toClients.v6.packets },
      }
    },
    takeDown: ({ session, tell }) =>
      tell.step(`stopping ${bundleName}`, () => session.run(['stop', bundleName])),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
