/**
 * What the VPN extension API is made of, before there is any system: its types, its errors, its limits, and the checks of
 * its arguments. Knows nothing of Linux.
 *
 * ```ts
 * import { checkVpnConfig, isBusinessError } from '@vpnext/api'
 *
 * const config = checkVpnConfig({ addresses: [{ address: { address: '10.0.0.5' }, prefixLength: 24 }] })
 * config.routes[0]?.destination // '0.0.0.0/0'
 *
 * try {
 *   checkVpnConfig({ addresses: [{ address: { address: '10.0.0.5' }, prefixLength: 280 }] })
 * } catch (error) {
 *   if (isBusinessError(error)) console.log(error.code, error.data?.field) // 401 config.addresses[0].prefixLength
 * }
 * ```
 *
 * @packageDocumentation
 */
export {
  type ApiCallback,
  checkAuthorizedStateArguments,
  checkCreateArguments,
  checkDestroyArguments,
  checkGenerateVpnIdArguments,
  checkIsAlwaysOnArguments,
  checkProtectArguments,
  checkProtectProcessNetArguments,
  checkSetAlwaysOnArguments,
  checkWantArguments,
} from './check/call-arguments.ts'
export { checkSocketFd } from './check/check-socket-fd.ts'
export { checkVpnConfig } from './check/check-vpn-config.ts'
export { checkWant } from './check/check-want.ts'
export {
  type DescriptorPlace,
  descriptorNumbers,
  descriptorPlaces,
  withoutDescriptors,
} from './check/want-descriptors.ts'
export type {
  CheckedAddress,
  CheckedRoute,
  CheckedVpnConfig,
  ConfigWarning,
} from './check/checked-vpn-config.ts'
export { snapshotVpnConfig } from './check/snapshot-vpn-config.ts'
export type { ApiCall } from './errors/api-call.ts'
export {
  BusinessError,
  businessError,
  type BusinessErrorOptions,
  type ErrorDetail,
  isBusinessError,
} from './errors/business-error.ts'
export {
  type ErrorCode,
  errorCodes,
  type ErrorEntry,
  errorMessage,
  errorRegistry,
  isErrorCode,
} from './errors/error-registry.ts'
export { limits } from './limits.ts'
export type {
  ApplicationInfo,
  ExtensionAbilityInfo,
  ExtensionContextInfo,
  HapModuleInfo,
} from './types/ability-info.ts'
export type { LinkAddress, NetAddress, RouteInfo } from './types/net-address.ts'
export type { VpnConfig, VpnextOptions } from './types/vpn-config.ts'
export type { JsonValue, Want } from './types/want.ts'
