import type { Kits, StageClass } from '@vpnext/kit'
import { stageExport } from '@vpnext/service/protocol'

import { type LoadParts, loadExport, runCallback } from './runner.ts'

/**
 * Runs the AbilityStage of the ability's module, where there is one: constructed and `onCreate` called, before the ability exists. What it
 * throws is logged, and the ability starts all the same.
 *
 * @throws VarlinkError LoadFailed when the script cannot be loaded
 */
export async function runStage(parts: LoadParts & { readonly kits: Kits }): Promise<void> {
  const exported = loadExport({ ...parts, exportName: stageExport })
  const { stageClass } = parts.kits
  if (!isStageClass(exported, stageClass)) return
  await runCallback(parts, 'AbilityStage', async () => {
    const stage = new exported()
    await stage.onCreate?.()
  }).catch(() => undefined)
}

function isStageClass(value: unknown, base: StageClass): value is StageClass {
  return typeof value === 'function' && value.prototype instanceof base
}
