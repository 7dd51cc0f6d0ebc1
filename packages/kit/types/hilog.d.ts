declare module '@ohos.hilog' {
  namespace hilog {
    enum LogLevel {
      DEBUG = 3,
      INFO = 4,
      WARN = 5,
      ERROR = 6,
      FATAL = 7,
    }
    /**
     * @param domain 0..0xFFFF
     * @param tag at most 31 characters
     * @param format `%{public}s`, `%{public}d` … show the value; `%s` and `%{private}s` show `<private>`
     */
    function debug(domain: number, tag: string, format: string, ...args: unknown[]): void
    function info(domain: number, tag: string, format: string, ...args: unknown[]): void
    function warn(domain: number, tag: string, format: string, ...args: unknown[]): void
    function error(domain: number, tag: string, format: string, ...args: unknown[]): void
    function fatal(domain: number, tag: string, format: string, ...args: unknown[]): void
    function isLoggable(domain: number, tag: string, level: LogLevel): boolean
    enum PreferStrategy {
      UNSET_LOGLEVEL = 0,
      PREFER_CLOSE_LOG = 1,
      PREFER_OPEN_LOG = 2,
    }
    /** Of this process. */
    function setMinLogLevel(level: LogLevel): void
    function setLogLevel(level: LogLevel, prefer: PreferStrategy): void
  }
  export default hilog
}

declare module '@kit.PerformanceAnalysisKit' {
  import hilog from '@ohos.hilog'
  export { hilog }
}
