/**
 * What extension code imports: `@kit.NetworkKit`, `@ohos.net.vpnExtension`, … as objects for Node. The package knows its
 * process only through a {@link KitRuntime}, and the service only through {@link ServiceCalls}.
 *
 * @example
 * ```ts
 * import { createKits, serviceCalls } from '@vpnext/kit'
 *
 * using kits = createKits({
 *   service: serviceCalls(peer), // a private channel to the service
 *   ability: { bundleName: 'com.example.vpn', moduleName: 'entry', abilityName: 'MyVpn', versionCode: 1, versionName: '1', label: 'My VPN' },
 *   dataFolder: '/data/storage',
 *   bundleFolder: '/bundle',
 *   uid: process.getuid?.() ?? 0,
 *   log: (line) => process.stdout.write(`${line.tag} ${line.message}\n`),
 * })
 * kits.load('@kit.NetworkKit') // { vpnExtension, VpnExtensionAbility, socket }
 * ```
 * @packageDocumentation
 */
export { absentModule } from './absent-module.ts'
export { obeyControl } from './arkts/threads/thread-control.ts'
export { threadPlace, type ThreadPlace, type ThreadRole } from './arkts/threads/thread-place.ts'
export { beforeExit } from './exit-process.ts'
export { createKits, type Kits } from './kits.ts'
export type {
  AbilityDetails,
  CreatedTunnel,
  KitRuntime,
  LogLevel,
  LogLine,
  ProcessProtection,
  ServiceCalls,
} from './runtime.ts'
export { rehearseCreate } from './network/rehearse-create.ts'
export { serviceCalls } from './service-calls.ts'
export type { ExtensionAbility, ExtensionAbilityClass } from './ability/vpn-extension-ability.ts'
export { ApplicationContext, VpnExtensionContext } from './ability/extension-context.ts'
export type { PageEvent } from './ability/application-events.ts'
export type { PageAbility, PageAbilityClass } from './ability/ui-ability.ts'
export type { StageAbility, StageClass } from './ability/ability-stage.ts'
export { UIAbilityContext } from './ability/ui-ability-context.ts'
export type { TestHarness } from './hypium/test-harness.ts'
export type { ContextFolders } from './ability/folders.ts'
