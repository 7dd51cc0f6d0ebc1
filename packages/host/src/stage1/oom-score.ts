import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Gives up what the service has ahead of other programs when memory is short, proc_pid_oom_score_adj(5): it is inherited, and an
 * extension shall not have it. Raising the value needs no privilege, so nothing here can be undone from inside.
 *
 * @param path of the process's own value
 */
export function takeOrdinaryOomScore(path = '/proc/self/oom_score_adj'): void {
  if (Number(readFileSync(path, 'utf8')) < 0) writeFileSync(path, '0')
}
