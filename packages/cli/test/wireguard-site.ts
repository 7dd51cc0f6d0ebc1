import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createLab,
  expectNothingLeft,
  type Inventory,
  type Lab,
  makeWireGuardConfs,
  takeInventory,
  type WireGuardConfs,
  WireGuardGateway,
} from '@vpnext/lab'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type SystemState, diffStates, takeState, waitForState, withoutService } from './system-state.ts'
import { type Place, type TestService, createPlace, startService } from './test-service.ts'
import type { Finished } from './vpnext-process.ts'

/** A service in a lab whose gateway speaks WireGuard. After each test its profile `wg0` must leave nothing behind. */
export class WireGuardSite {
  readonly lab: Lab
  readonly place: Place
  readonly confs: WireGuardConfs
  readonly gateway: WireGuardGateway
  readonly service: TestService
  /** Before there was a service. */
  readonly before: SystemState

  private constructor(
    parts: Pick<WireGuardSite, 'lab' | 'place' | 'confs' | 'gateway' | 'service' | 'before'>,
  ) {
    this.lab = parts.lab
    this.place = parts.place
    this.confs = parts.confs
    this.gateway = parts.gateway
    this.service = parts.service
    this.before = parts.before
  }

  static async open(): Promise<WireGuardSite> {
    const lab = await createLab()
    const place = createPlace()
    const confs = makeWireGuardConfs()
    const gateway = await WireGuardGateway.start(lab.gateway, { conf: confs.gateway })
    const before = takeState(lab.client, place)
    const service = await startService(lab.client, place, ['--policy-dir', join(place.folder, 'policy')])
    return new WireGuardSite({ lab, place, confs, gateway, service, before })
  }

  get policyFolder(): string {
    return join(this.place.folder, 'policy')
  }

  /** Writes a file of wg-quick as `<name>.conf`. */
  conf(text: string, name = 'wg0'): string {
    const path = join(this.place.folder, `${name}.conf`)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }

  up(path: string, ...more: string[]): Promise<Finished> {
    return this.service.run(['up', path, '--yes', ...more])
  }
}

/** Has one for all tests of a file. @param opened is given it before the first */
export function useWireGuardSite(opened: (site: WireGuardSite) => void): void {
  let inventory: Inventory
  let site: WireGuardSite
  beforeAll(async () => {
    inventory = takeInventory()
    site = await WireGuardSite.open()
    opened(site)
  })
  afterEach(async () => {
    const { before, lab, place, service } = site
    await service.run(['down', 'wg0'])
    expect(await waitForState(before, lab.client, place, withoutService)).toEqual([])
  })
  afterAll(async () => {
    const { before, gateway, lab, place, service } = site
    await service[Symbol.asyncDispose]()
    const left = diffStates(before, takeState(lab.client, place))
    await gateway[Symbol.asyncDispose]()
    await lab[Symbol.asyncDispose]()
    place[Symbol.dispose]()
    expect(left).toEqual([])
    await expectNothingLeft(inventory)
  })
}
