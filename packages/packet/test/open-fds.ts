import { openFds } from '@vpnext/native'

/** For `afterEach`: a test that leaves a descriptor open fails. */
export function expectNoOpenFds(): void {
  const count = openFds()
  if (count !== 0) throw new Error(`the test left ${count} descriptors open`)
}
