import { type Inventory, Namespace, expectNothingLeft, takeInventory } from '@vpnext/lab'
import { afterAll, beforeAll } from 'vitest'
import { type Place, type TestService, createPlace, startService } from './test-service.ts'

/** What the tests of one file share; there from the first of them on. */
export interface SharedService {
  readonly client: Namespace
  readonly place: Place
  readonly service: TestService
}

/**
 * Starts a service in a network namespace of its own before the first test of the calling file, and ends both after the last; nothing may
 * be left of them then.
 *
 * @param prepare done once the service is up
 */
export function serviceForAll(
  prepare: (shared: SharedService) => Promise<void> = () => Promise.resolve(),
): SharedService {
  let inventory: Inventory
  let shared: SharedService
  beforeAll(async () => {
    inventory = takeInventory()
    const client = Namespace.create('client')
    const place = createPlace()
    shared = { client, place, service: await startService(client, place) }
    await prepare(shared)
  })
  afterAll(async () => {
    await shared.service[Symbol.asyncDispose]()
    await shared.client[Symbol.asyncDispose]()
    shared.place[Symbol.dispose]()
    await expectNothingLeft(inventory)
  })
  return {
    get client() {
      return shared.client
    },
    get place() {
      return shared.place
    },
    get service() {
      return shared.service
    },
  }
}
