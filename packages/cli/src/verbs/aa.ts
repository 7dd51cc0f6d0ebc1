import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { withConsent } from '../consent-prompt.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { bundleCodes } from '../familiar/device-codes.ts'
import { inDeviceWords } from '../familiar/device-failure.ts'
import { findAbility } from '../familiar/find-ability.ts'
import { startMode, waitLines } from '../familiar/start-times.ts'
import { type WantOptions, wantOf, withAbilityOptions, withWantOptions } from '../familiar/want-options.ts'
import { addAaDebug } from './aa-debug.ts'
import { addAaDump } from './aa-dump.ts'
import { addAaTest } from './aa-test.ts'
import { withExample, withServiceOptions } from './options.ts'

interface StartOptions extends WantOptions, ServiceOptions {
  readonly wait?: boolean
}

/** `vpnext aa …`: HarmonyOS's ability assistant, as a face of our own verbs. */
export function addAaVerb(program: Command, context: CliContext): void {
  const aa = program.command('aa').description('abilities, by the names and options of HarmonyOS’s aa')
  withExample(aa, 'vpnext aa start -a EntryAbility -b io.vpnext.hello')
  addStart(aa, context)
  addStopService(aa, context)
  addForceStop(aa, context)
  addAaDump(aa, context)
  addAaDebug(aa, context)
  addAaTest(aa, context)
}

function addStart(aa: Command, context: CliContext): void {
  const command = withWantOptions(
    aa.command('start').description('start a page, without its pictures, or a VPN extension'),
  ).option('-W, --wait', 'tell how long a page takes to its foreground')
  const example = 'vpnext aa start -a HelloVpnAbility -b io.vpnext.hello --ps gatewayAddress 10.77.2.2'
  withExample(withServiceOptions(command), example).action((options: StartOptions) =>
    inDeviceWords('error: failed to start ability.', async () => {
      const began = performance.now()
      await using client = await connectService(context, options)
      const found = await findAbility(client, context, options)
      const abilityName = found?.name ?? options.ability ?? ''
      const want = await wantOf(context, options, abilityName)
      const mode = options.wait === true ? await startMode(client, context, options, found) : undefined
      const asked = performance.now()
      // A page may start its extension at once, which asks.
      await withConsent(context, options, options.bundle, async (signal) => {
        if (found?.kind === 'page') await client.call(publicInterface, 'StartPage', { want }, { signal })
        else await client.call(publicInterface, 'StartAbility', { want }, { signal })
      })
      const ended = performance.now()
      const times = { totalTime: Math.round(ended - asked), waitTime: Math.round(ended - began) }
      const { bundle: bundleName, module: moduleName } = options
      const result = { bundleName, abilityName, ...(mode !== undefined && { startMode: mode, ...times }) }
      printResult(context, options, result, () => [
        'start ability successfully.',
        ...(mode === undefined ? [] : waitLines({ bundleName, abilityName, moduleName, mode, ...times })),
      ])
    }),
  )
}

function addStopService(aa: Command, context: CliContext): void {
  const command = withAbilityOptions(aa.command('stop-service').description('stop a VPN extension'))
  const example = 'vpnext aa stop-service -a HelloVpnAbility -b io.vpnext.hello'
  withExample(withServiceOptions(command), example).action(
    (options: Omit<WantOptions, 'ps' | 'pi' | 'pb'> & ServiceOptions) =>
      inDeviceWords('error: failed to stop service ability.', async () => {
        if (options.ability === undefined)
          throw new CliFailure(exitCodes.usage, 'required option: -a <ability name>')
        await using client = await connectService(context, options)
        const { ability: abilityName, bundle: bundleName, module: moduleName } = options
        const want = {
          deviceId: '',
          bundleName,
          abilityName,
          ...(moduleName !== undefined && { moduleName }),
        }
        await client.call(publicInterface, 'StopAbility', { want }, { signal: context.signal })
        printResult(context, options, { bundleName, abilityName }, () => [
          'stop service ability successfully.',
        ])
      }),
  )
}

function addForceStop(aa: Command, context: CliContext): void {
  const command = aa.command('force-stop <bundle>').description('end every process of a bundle')
  withExample(withServiceOptions(command), 'vpnext aa force-stop io.vpnext.hello').action(
    (bundleName: string, options: ServiceOptions) =>
      inDeviceWords(
        'error: failed to force stop process.',
        async () => {
          await using client = await connectService(context, options)
          await client.call(publicInterface, 'StopBundle', { bundleName }, { signal: context.signal })
          printResult(context, options, { bundleName }, () => ['force stop process successfully.'])
        },
        bundleCodes,
      ),
  )
}
