import { type Journal, readBootId } from '../journal.ts'
import type { ApplicationList } from './application-list.ts'

/** The application lists of the tunnels on record in this run of the kernel, the oldest first. */
export function listsInForce(journal: Journal): ApplicationList[] {
  const bootId = readBootId()
  return journal
    .entries()
    .filter((entry) => entry.bootId === bootId)
    .flatMap(({ undo }) => undo.flatMap((step) => (step.kind === 'identity' ? [step.list] : [])))
}
