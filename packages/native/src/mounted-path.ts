/**
 * A path as the kernel's tables of mounts have it (proc_pid_mounts(5), proc_pid_mountinfo(5)), where blanks, tabs, line ends and
 * backslashes are written as three octal digits.
 */
export function mountedPath(written: string): string {
  return written.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}
