import { readFileSync } from 'node:fs'

/**
 * The program and libraries this process has loaded, as absolute paths. The second stage runs the same node, so these are
 * what it needs wherever node was installed, without showing it a whole home folder.
 *
 * proc_pid_maps(5): the path is the sixth field, and only files start with a slash.
 */
export function mappedFiles(): string[] {
  const files = new Set<string>()
  for (const line of readFileSync('/proc/self/maps', 'utf8').split('\n')) {
    const start = line.indexOf('/')
    if (start !== -1 && line.slice(0, start).includes('x') && !line.endsWith(' (deleted)'))
      files.add(line.slice(start))
  }
  return [...files].filter((path) => !path.endsWith('.node'))
}
