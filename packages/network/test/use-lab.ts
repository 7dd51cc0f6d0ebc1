import { createLab, expectNothingLeft, type Lab, takeInventory } from '@vpnext/lab'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { ApplicationKnowledge, NetworkSettings } from '../src/index.ts'
import { machineIn, type Machine } from './lab-tunnel.ts'

/**
 * One lab for all tests of a file; when it is gone, nothing may be left of it.
 *
 * @param keep gets it, before the file's own `beforeAll`
 * @param tidyUp is called once it is gone, with its programs
 */
export function useLab(keep: (lab: Lab) => void, tidyUp: () => void = () => undefined): void {
  const before = takeInventory()
  let lab: Lab
  beforeAll(async () => {
    lab = await createLab()
    keep(lab)
  })
  afterAll(async () => {
    await lab[Symbol.asyncDispose]()
    tidyUp()
    await expectNothingLeft(before)
  })
}

/**
 * A machine for each test.
 *
 * @param lab of {@link useLab}
 * @param keep gets it, before the file's own `beforeEach`; its tunnels go after the file's own `afterEach`
 */
export function useMachine(
  lab: () => Lab,
  keep: (machine: Machine) => void,
  overrides: Partial<NetworkSettings> = {},
  knowledge: ApplicationKnowledge = {},
): void {
  let machine: Machine
  beforeEach(() => {
    machine = machineIn(lab(), overrides, knowledge)
    keep(machine)
  })
  afterEach(() => machine[Symbol.asyncDispose]())
}
