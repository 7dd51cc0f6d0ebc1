import type { Contender } from '../contender.ts'

/** No tunnel: what the kernel does by itself. */
export const bareLink: Contender = {
  name: 'veth, no tunnel',
  async open(link) {
    return { addresses: link.addresses, pids: [], async [Symbol.asyncDispose]() {} }
  },
}
