import { capture, createLab, labAddresses, labLinks } from '@vpnext/lab'
import { currentUserNamespaceIsInitial } from '@vpnext/native'
import { defaultSettings, diffSnapshots, takeSnapshot } from '@vpnext/network'
import type { CliContext } from '../context.ts'
import { openProject } from '../harmony-project.ts'
import { wireGuardBundle } from '../wireguard/wireguard-extension.ts'
import { openDemoFolder } from './demo-folder.ts'
import { readKernelView } from './kernel-view.ts'
import { projectScenario } from './project-scenario.ts'
import type { DemoCheck, DemoReport } from './report.ts'
import { startServiceProcess } from './service-process.ts'
import { createSession } from './session.ts'
import { createTeller } from './tell.ts'
import { wireGuardScenario } from './wireguard-scenario.ts'

export interface DemoOptions {
  readonly yes: boolean
}

/**
 * The whole of vpnext in a private lab: install, consent, start, packets, protect, stop, and nothing left.
 *
 * @param project a HarmonyOS project folder
 * @throws CliFailure when a step cannot be done at all; a claim that does not hold is in the report
 */
export async function runDemo(
  context: CliContext,
  project: string,
  options: DemoOptions,
): Promise<DemoReport> {
  const tell = createTeller(context)
  const { signal } = context
  const { bundleName } = (await openProject(project, signal)).app
  await using place = await openDemoFolder(`nameserver ${labAddresses.router.v4}\n`)
  const settings = defaultSettings({ resolvConf: place.resolvConf, instance: place.instance })

  await using lab = await tell.step('opening a private lab: client, router, gateway, internet', () =>
    createLab({ signal }),
  )
  const before = lab.client.run(() => takeSnapshot(settings))
  await using service = await tell.step('starting the service in the client’s network', () =>
    startServiceProcess(lab.client, place, signal),
  )
  using uplink = capture(lab.router, labLinks.routerToClient)
  const session = createSession(context, place.runDir)
  const stage = { lab, session, tell, uplink, folder: place.path, yes: options.yes, signal }
  await using scenario =
    bundleName === wireGuardBundle ? wireGuardScenario() : projectScenario(project, bundleName)
  await scenario.prepare(stage)
  await scenario.bringUp(stage)
  const tunnel = await tell.step('waiting for its tunnel', () => session.waitForTunnel(bundleName))
  const kernel = readKernelView(lab.client, settings, [tunnel.interfaceName])
  const { sandbox, missing } = await session.host(bundleName)
  const checks: DemoCheck[] = [checkKernel(kernel.addresses.length, tunnel.addresses.length)]
  await tell.step('sending packets', async () => {
    checks.push(...(await scenario.check(stage, tunnel)))
  })
  const gateway = scenario.countAtGateway(stage)
  await scenario.takeDown(stage)
  await tell.step('stopping the service', () => service.stop())
  const leftBehind = diffSnapshots(
    before,
    lab.client.run(() => takeSnapshot(settings)),
  )
  return {
    ok: checks.every((check) => check.ok) && leftBehind.length === 0,
    project,
    bundleName,
    privilege: currentUserNamespaceIsInitial() ? 'root' : 'user namespace',
    refused: missing,
    sandbox,
    kernel,
    checks,
    ...(gateway !== undefined && { gateway }),
    leftBehind,
  }
}

function checkKernel(found: number, asked: number): DemoCheck {
  return {
    id: 'addresses',
    claim: 'the kernel has the addresses the extension asked for',
    ok: found === asked,
    seen: `${found} of ${asked}`,
  }
}
