declare module '@ohos.base' {
  /** What every call of a kit fails with. `JSON.stringify` shows code, message and data. */
  export interface BusinessError<T = void> extends Error {
    code: number
    /** vpnext adds `{ field, reason, hint }` where it knows them. */
    data?: T
  }
  export type Callback<T> = (data: T) => void
  export type ErrorCallback<T extends Error = BusinessError> = (error: T) => void
  /** `error` is undefined on success; `data` is undefined on failure. */
  export type AsyncCallback<T, E = void> = (error: BusinessError<E>, data: T) => void
  /** Older code imports the type so. */
  export default BusinessError
}

declare module '@kit.BasicServicesKit' {
  export type { AsyncCallback, BusinessError, Callback, ErrorCallback } from '@ohos.base'
}
