import { errorText, getSysctl, setSysctl } from '@vpnext/native'
import type { JournalEntry } from '../journal.ts'
import type { SysctlData, SysctlPlannedUndo, SysctlUndo, Undo } from '../plan/step.ts'
import type { UndoContext, Undone } from './context.ts'

/** Sets a network setting. @throws Error that names it when /proc/sys is read-only or the setting is missing */
export function applySysctl({ name, value, optional }: SysctlData): void {
  try {
    setSysctl(name, value)
  } catch (error) {
    if (optional) return
    const reason = errorText(error)
    throw new Error(`${name} cannot be set to ${value}: ${reason}`, { cause: error })
  }
}

/** Restores the original, unless another tunnel still needs our value or somebody has set another one. */
export function undoSysctl(undo: SysctlUndo, { others }: UndoContext): Undone {
  if (undo.original === undo.ours || readOrUndefined(undo.name) !== undo.ours) return undefined
  if (others.some((entry) => entry.undo.some((step) => isOf(step, undo.name)))) return undefined
  setSysctl(undo.name, undo.original)
  return `setting ${undo.name}`
}

/** The original of a setting that another tunnel changed first is in that tunnel's entry; whoever goes last restores it. */
export function inheritSysctl(undo: SysctlUndo, others: readonly JournalEntry[]): SysctlUndo {
  const earlier = others.flatMap((entry) => entry.undo).find((step) => isOf(step, undo.name))
  return earlier === undefined ? undo : { ...undo, original: earlier.original }
}

/** @returns nothing for a setting that does not exist */
export function captureSysctl(
  { name, ours }: SysctlPlannedUndo,
  others: readonly JournalEntry[],
): SysctlUndo[] {
  const original = readOrUndefined(name)
  return original === undefined ? [] : [inheritSysctl({ kind: 'sysctl', name, ours, original }, others)]
}

function isOf(step: Undo, name: string): step is SysctlUndo {
  return step.kind === 'sysctl' && step.name === name
}

function readOrUndefined(name: string): string | undefined {
  try {
    return getSysctl(name)
  } catch {
    return undefined
  }
}
