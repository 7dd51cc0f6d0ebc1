import { integerParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { typeCode } from './array-buffer.ts'
import { Ashmem } from './ashmem.ts'
import { MessageOption } from './message-option.ts'
import { MessageParcel } from './message-parcel.ts'
import { MessageSequence } from './message-sequence.ts'
import type { ObjectTable } from './object-table.ts'
import { RemoteObject } from './remote-object.ts'
import { RemoteProxy } from './remote-proxy.ts'
import { rpcErrorCode } from './rpc-error.ts'

/** `@ohos.rpc`, without what the device has for other devices. */
export function rpcNamespace(table: ObjectTable, onError: (text: string) => void): object {
  RemoteObject.onError = onError
  const context = new RemoteObject('')
  const callingPid = (): number => table.caller.pid
  const callingUid = (): number => table.caller.uid
  // On the device these are methods of a RemoteObject too.
  Object.assign(RemoteObject.prototype, { getCallingPid: callingPid, getCallingUid: callingUid })
  const IPCSkeleton = provide('IPCSkeleton', {
    getContextObject: () => context,
    getCallingPid: callingPid,
    getCallingUid: callingUid,
    /** Tokens of access are not known here: the uid stands for the process's bundle. */
    getCallingTokenId: callingUid,
    getCallingDeviceID: () => '',
    getLocalDeviceID: () => '',
    isLocalCalling: () => true,
    flushCmdBuffer: () => undefined,
    /** Of API 7. @returns 0: nothing waits to be sent */
    flushCommands: () => 0,
    /** @returns what `restoreCallingIdentity` takes */
    resetCallingIdentity(): string {
      const { pid, uid } = table.resetCaller()
      return `${uid}:${pid}`
    },
    /** Of API 8. */
    setCallingIdentity(identity: unknown): boolean {
      restore(table, identity)
      return true
    },
    restoreCallingIdentity: (identity: unknown): void => restore(table, identity),
  })
  return provide('rpc', {
    ErrorCode: provide('rpc.ErrorCode', rpcErrorCode),
    TypeCode: provide('rpc.TypeCode', typeCode),
    MessageParcel,
    MessageSequence,
    MessageOption,
    RemoteObject,
    RemoteProxy,
    IPCSkeleton,
    Ashmem,
  })
}

function restore(table: ObjectTable, identity: unknown): void {
  const [uid, pid] = textParameter(identity, 'identity').split(':').map(Number)
  table.resetCaller({ uid: integerParameter(uid, 'identity', 0), pid: integerParameter(pid, 'identity', 0) })
}
