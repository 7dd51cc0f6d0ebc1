import { startCompiler } from '@vpnext/arkts'

/** The compiler's process takes as long to be there as the rest of the command to load. */
async function main(): Promise<void> {
  using _compiler = startCompiler()
  const { runInstall } = await import('./run-install.ts')
  await runInstall()
  // What this process has is the kernel's to take: node would give back its heap piece by piece. What was written has been written by now.
  process.exit()
}

void main()
