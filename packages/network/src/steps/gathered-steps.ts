import { type RtRequest, SystemError } from '@vpnext/native'
import type { PlanStep } from '../plan/step.ts'
import type { ApplyContext } from './context.ts'
import { addressRequests, interfaceRequests, linkUpRequests } from './device.ts'
import { isFewRoutes, routeRequests } from './routes.ts'

/**
 * Steps whose requests to rtnetlink go in one message: to write four and to read what became of them takes four times as
 * long. Each request is still done by itself, in the order of the steps, and those after a failed one may be done too.
 */
export class GatheredSteps {
  readonly #requests: RtRequest[] = []
  /** Up to which request each step's are. */
  readonly #steps: { readonly id: string; readonly end: number }[] = []

  /** @returns whether this is a step of the kind, and waits for {@link send} */
  take(step: PlanStep, context: ApplyContext): boolean {
    const requests = requestsOf(step, context)
    if (requests === undefined) return false
    this.#requests.push(...requests)
    this.#steps.push({ id: step.id, end: this.#requests.length })
    return true
  }

  /**
   * Does what waits; nothing: nothing.
   *
   * @param onFailure gets the id of the step that failed
   * @throws SystemError of rtnetlink
   */
  send({ netlink }: ApplyContext, onFailure: (stepId: string) => void): void {
    const requests = this.#requests.splice(0)
    const steps = this.#steps.splice(0)
    if (requests.length === 0) return
    try {
      netlink.apply(requests)
    } catch (error) {
      const index = error instanceof SystemError ? (error.index ?? 0) : 0
      const failed = steps.find(({ end }) => index < end)
      if (failed !== undefined) onFailure(failed.id)
      throw error
    }
  }
}

function requestsOf(step: PlanStep, context: ApplyContext): RtRequest[] | undefined {
  switch (step.kind) {
    case 'interface':
      return interfaceRequests(step.apply, context)
    case 'addresses':
      return addressRequests(step.apply, context)
    case 'link-up':
      return linkUpRequests(context)
    case 'routes':
      return isFewRoutes(step.apply)
        ? routeRequests(step.apply, context.device?.index, context.netlink)
        : undefined
    default:
      return undefined
  }
}
