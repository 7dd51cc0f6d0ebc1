/**
 * What the kits provide, known without loading them: `@vpnext/kit/surface` imports nothing of them.
 *
 * @example
 * ```ts
 * import { findLacking } from '@vpnext/kit/surface'
 *
 * findLacking('@kit.NetworkKit', ['connection', 'setAppNet']) // undefined: it is there
 * findLacking('@kit.ArkUI', ['router']) // { name: '@kit.ArkUI.router', kind: 'module', forPages: true }
 * ```
 * @packageDocumentation
 */
export { deviceFacts } from '../basic/device-facts.ts'
export { type Lacking, findLacking } from './lacking.ts'
