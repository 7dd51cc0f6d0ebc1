import { resolveTests } from '../abilities/resolve-want.ts'
import { requireMore } from './aborted.ts'
import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** RunTests, of a bundle of the calling user. */
export function testMethods({ bundles, control, rules, tests }: PublicParts): Methods<'RunTests'> {
  return {
    RunTests: ({ bundleName, moduleName, parameters, consent, loseParameters }, call) =>
      asPermitted('RunTests', call, rules, async () => {
        requireMore(call)
        const { uid, gid, groups } = call.peer
        const target = resolveTests(bundles, { uid, gid, groups: [...groups] }, bundleName, moduleName)
        const onText = (text: string): void => {
          if (!call.signal.aborted) call.reply({ text })
        }
        await control.clearForTests(target.bundle)
        return {
          result: await tests.run(target, parameters, { consent, loseParameters }, onText, call.signal),
        }
      }),
  }
}
