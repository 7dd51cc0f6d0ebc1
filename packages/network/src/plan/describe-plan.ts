import type { TunnelPlan } from './step.ts'

/** What the plan does, one line per step, in order. */
export function describePlan(plan: TunnelPlan): string[] {
  return plan.steps.map((step) => step.describe)
}
