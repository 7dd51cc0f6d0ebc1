import { type RtRequest, SystemError } from '@vpnext/native'
import type { PlanStep } from '../plan/step.ts'
import type { SingleStep } from './apply-step.ts'
import { type ApplyContext, deviceOf } from './context.ts'
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

  /** Has a step of the kind wait for {@link send}. @returns any other step */
  take(step: PlanStep, context: ApplyContext): SingleStep | undefined {
    switch (step.kind) {
      case 'interface':
        return this.#add(step.id, interfaceRequests(step.apply, context))
      case 'addresses':
        return this.#add(step.id, addressRequests(step.apply, context))
      case 'link-up':
        return this.#add(step.id, linkUpRequests(context))
      case 'routes':
        if (!isFewRoutes(step.apply)) return step
        return this.#add(step.id, routeRequests(step.apply, deviceOf(context).index, context.netlink))
      default:
        return step
    }
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

  #add(id: string, requests: readonly RtRequest[]): undefined {
    this.#requests.push(...requests)
    this.#steps.push({ id, end: this.#requests.length })
  }
}
