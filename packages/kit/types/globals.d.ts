/** Writes to the log with the tag `console`. */
declare const console: {
  log(...values: unknown[]): void
  debug(...values: unknown[]): void
  info(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
  trace(...values: unknown[]): void
  group(...values: unknown[]): void
  groupCollapsed(...values: unknown[]): void
  groupEnd(): void
  assert(condition?: unknown, ...values: unknown[]): void
  count(label?: string): void
  countReset(label?: string): void
  time(label?: string): void
  timeEnd(label?: string): void
  timeLog(label?: string, ...values: unknown[]): void
  dir(value: unknown): void
  table(value: unknown): void
}

/** Calls `handler` once, after `delay` milliseconds. The timer is a number. */
declare function setTimeout<A extends unknown[]>(
  handler: (...args: A) => void,
  delay?: number,
  ...args: A
): number
/** Calls `handler` every `delay` milliseconds. */
declare function setInterval<A extends unknown[]>(
  handler: (...args: A) => void,
  delay?: number,
  ...args: A
): number
declare function clearTimeout(id?: number): void
declare function clearInterval(id?: number): void

/** Whether the system has a capability, for example `SystemCapability.Communication.NetManager.Vpn`. */
declare function canIUse(capability: string): boolean

/** The context of the running ability. */
declare function getContext(component?: object): import('@kit.AbilityKit').common.Context
