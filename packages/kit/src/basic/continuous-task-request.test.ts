import { expect, test } from 'vitest'

import { testAbility, testKits } from '../../test/test-runtime.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object

function managerOf(
  kind: 'page' | 'extension',
  permissions = ['ohos.permission.KEEP_BACKGROUND_RUNNING'],
): Namespace {
  const { kits } = testKits({}, { ability: { ...testAbility, kind, permissions } })
  return Reflect.get(kits.load('@kit.BackgroundTasksKit') ?? {}, 'backgroundTaskManager') as Namespace
}

/** As the documents' example makes one. */
function requestOf(manager: Namespace, changes: object = {}): Namespace {
  const Request = manager['ContinuousTaskRequest'] as unknown as new () => object
  return Object.assign(new Request(), {
    backgroundTaskModes: [1],
    backgroundTaskSubmodes: [2],
    wantAgent: {},
    ...changes,
  }) as Namespace
}

test('a page begins tasks by requests, changes them and ends each by its number', async () => {
  const manager = managerOf('page')
  const one = (await manager['startBackgroundRunning']?.({}, requestOf(manager))) as {
    continuousTaskId: number
  }
  const other = requestOf(manager, { backgroundTaskModes: [12], backgroundTaskSubmodes: [4] })
  await manager['startBackgroundRunning']?.({}, other)
  const change = { continuousTaskId: one.continuousTaskId, backgroundTaskModes: [4] }
  expect(await manager['updateBackgroundRunning']?.({}, requestOf(manager, change))).toMatchObject({
    continuousTaskId: one.continuousTaskId,
  })
  const names = async (): Promise<unknown[]> => {
    const tasks = (await manager['getAllContinuousTasks']?.({})) as { backgroundModes: string[] }[]
    return tasks.map(({ backgroundModes }) => backgroundModes[0])
  }
  expect(await names()).toEqual(['location', 'avPlaybackAndRecord'])
  await manager['stopBackgroundRunning']?.({}, one.continuousTaskId)
  expect(await names()).toEqual(['avPlaybackAndRecord'])
  await expect(manager['stopBackgroundRunning']?.({}, one.continuousTaskId)).rejects.toThrow(code(9800005))
  await expect(manager['updateBackgroundRunning']?.({}, requestOf(manager))).rejects.toThrow(code(9800005))
})

test('a request that says too little, or asks for what nobody has allowed, is 9800005', async () => {
  const manager = managerOf('page')
  for (const wrong of [
    { backgroundTaskModes: [] },
    { backgroundTaskModes: [7] },
    { backgroundTaskModes: 1 },
    { backgroundTaskSubmodes: [] },
    { backgroundTaskSubmodes: [12] },
    { wantAgent: undefined },
    { backgroundTaskModes: [13], backgroundTaskSubmodes: [9] },
  ])
    await expect(manager['startBackgroundRunning']?.({}, requestOf(manager, wrong))).rejects.toThrow(
      code(9800005),
    )
  expect(requestOf(manager)['isModeSupported']?.()).toBe(true)
  expect(requestOf(manager, { backgroundTaskModes: [13] })['isModeSupported']?.()).toBe(false)
  expect(() => requestOf(manager, { backgroundTaskModes: [] })['isModeSupported']?.()).toThrow(code(9800005))
  expect(await requestOf(manager)['checkSpecialScenarioAuth']?.({})).toBe(0)
  const heard = await new Promise((resolve) => requestOf(manager)['requestAuthFromUser']?.({}, resolve))
  expect(heard).toBe(0)
})

test('without the permission it is 201, and an extension has no continuous task', async () => {
  const refused = managerOf('page', [])
  expect(() => requestOf(refused)['isModeSupported']?.()).toThrow(code(201))
  await expect(refused['startBackgroundRunning']?.({}, requestOf(refused))).rejects.toThrow(code(201))
  await expect(requestOf(refused)['checkSpecialScenarioAuth']?.({})).rejects.toThrow(code(201))
  const extension = managerOf('extension')
  await expect(extension['startBackgroundRunning']?.({}, requestOf(extension))).rejects.toThrow(code(401))
})
