/**
 * The unprivileged process that runs one extension. The package is two programs, which a build makes into one folder, the
 * host image; whoever starts a host needs only to know where that folder is.
 *
 * @example
 * ```ts
 * import { hostImagePath } from '@vpnext/host'
 *
 * const stage1 = `${hostImagePath()}/stage1.mjs` // node stage1.mjs, fd 3: the service, whose first record is the HostLaunch
 * ```
 * @packageDocumentation
 */
export { hostImagePath } from './host-image-path.ts'
