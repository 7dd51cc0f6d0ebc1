import { describe, expect, test } from 'vitest'
import { plainFacts, planFor, requestFor } from '../../test/sample-plan.ts'
import { defaultSettings } from '../settings.ts'
import { PlanMemory } from './plan-memory.ts'

describe('a plan that is wanted again', () => {
  test('is the same object for the same request and facts, and what planTunnel makes', () => {
    const plans = new PlanMemory(defaultSettings())
    const plan = plans.plan(requestFor({}), plainFacts)
    expect(plans.plan(requestFor({}), { ...plainFacts })).toBe(plan)
    expect(plan).toEqual(planFor({}))
  })

  test('is made anew for another host, config or machine', () => {
    const plans = new PlanMemory(defaultSettings())
    const changed = [
      [requestFor({}, { hostUid: 70_000 }), plainFacts],
      [requestFor({ addresses: ['10.8.0.6/24'] }), plainFacts],
      [requestFor({}), { ...plainFacts, ipv6: false }],
    ] as const
    for (const [request, facts] of changed) {
      plans.plan(requestFor({}), plainFacts)
      const wanted = new PlanMemory(defaultSettings()).plan(request, facts)
      expect(plans.plan(request, facts)).toEqual(wanted)
      expect(wanted).not.toEqual(planFor({}))
    }
  })

  test('is not kept when it is large', () => {
    const plans = new PlanMemory(defaultSettings())
    const routes = Array.from({ length: 100 }, (_, index) => `10.${index}.0.0/16`)
    const plan = plans.plan(requestFor({ routes }), plainFacts)
    expect(plans.plan(requestFor({ routes }), plainFacts)).not.toBe(plan)
    expect(plans.plan(requestFor({ routes }), plainFacts)).toEqual(plan)
  })
})
