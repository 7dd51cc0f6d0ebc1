/** What the exit code of every verb means; docs/cli.md shows the same table. */
export const exitCodes = {
  success: 0,
  /** Something failed that is none of the below. */
  failure: 1,
  /** The command line is wrong. */
  usage: 2,
  /** No service answers in the run directory. */
  noService: 3,
  /** Consent was refused or timed out, or the caller may not do this. */
  refused: 4,
  /** No such bundle, ability or file. */
  notFound: 5,
  /** `doctor` found something that needs repair, and was not asked to. */
  needsRepair: 6,
  /** This machine lacks what the verb needs, such as systemd. */
  unsupported: 7,
  /** `up`: the tunnel is up, and no peer has answered. */
  unanswered: 8,
  /** `check`: code that the device's compiler refuses. */
  breaches: 9,
  /** Stopped by Ctrl-C or another signal, or at a question, before it was done; a shell reports it of a program SIGINT has ended. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
