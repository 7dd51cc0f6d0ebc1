/* oxlint-disable typescript/no-extraneous-class, typescript/no-unsafe-declaration-merging -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.rpc' {
  import type { AsyncCallback } from '@ohos.base'

  /** Requests between the processes of a bundle. Errors: 401, 1900001 to 1900013. */
  namespace rpc {
    enum ErrorCode {
      CHECK_PARAM_ERROR = 401,
      OS_MMAP_ERROR = 1900001,
      OS_IOCTL_ERROR = 1900002,
      WRITE_TO_ASHMEM_ERROR = 1900003,
      READ_FROM_ASHMEM_ERROR = 1900004,
      ONLY_PROXY_OBJECT_PERMITTED_ERROR = 1900005,
      ONLY_REMOTE_OBJECT_PERMITTED_ERROR = 1900006,
      COMMUNICATION_ERROR = 1900007,
      PROXY_OR_REMOTE_OBJECT_INVALID_ERROR = 1900008,
      WRITE_DATA_TO_MESSAGE_SEQUENCE_ERROR = 1900009,
      READ_DATA_FROM_MESSAGE_SEQUENCE_ERROR = 1900010,
      PARCEL_MEMORY_ALLOC_ERROR = 1900011,
      CALL_JS_METHOD_ERROR = 1900012,
      OS_DUP_ERROR = 1900013,
    }
    enum TypeCode {
      INT8_ARRAY = 0,
      UINT8_ARRAY = 1,
      INT16_ARRAY = 2,
      UINT16_ARRAY = 3,
      INT32_ARRAY = 4,
      UINT32_ARRAY = 5,
      FLOAT32_ARRAY = 6,
      FLOAT64_ARRAY = 7,
      BIGINT64_ARRAY = 8,
      BIGUINT64_ARRAY = 9,
    }

    /** Something that writes itself into a message and reads itself from one, in the same order. */
    interface Parcelable {
      marshalling(dataOut: MessageSequence): boolean
      unmarshalling(dataIn: MessageSequence): boolean
    }

    /** What a request carries, and what comes back. 200 KiB unless its capacity is set; a message carries 1 MiB. */
    class MessageSequence {
      static create(): MessageSequence
      /** Closes the descriptors that it holds. */
      reclaim(): void
      writeByte(val: number): void
      readByte(): number
      writeShort(val: number): void
      readShort(): number
      writeInt(val: number): void
      readInt(): number
      writeLong(val: number): void
      readLong(): number
      writeFloat(val: number): void
      readFloat(): number
      writeDouble(val: number): void
      readDouble(): number
      writeBoolean(val: boolean): void
      readBoolean(): boolean
      writeChar(val: number): void
      readChar(): number
      writeString(val: string): void
      readString(): string
      writeByteArray(val: number[]): void
      readByteArray(): number[]
      readByteArray(dataIn: number[]): void
      writeShortArray(val: number[]): void
      readShortArray(): number[]
      readShortArray(dataIn: number[]): void
      writeIntArray(val: number[]): void
      readIntArray(): number[]
      readIntArray(dataIn: number[]): void
      writeLongArray(val: number[]): void
      readLongArray(): number[]
      readLongArray(dataIn: number[]): void
      writeFloatArray(val: number[]): void
      readFloatArray(): number[]
      readFloatArray(dataIn: number[]): void
      writeDoubleArray(val: number[]): void
      readDoubleArray(): number[]
      readDoubleArray(dataIn: number[]): void
      writeBooleanArray(val: boolean[]): void
      readBooleanArray(): boolean[]
      readBooleanArray(dataIn: boolean[]): void
      writeCharArray(val: number[]): void
      readCharArray(): number[]
      readCharArray(dataIn: number[]): void
      writeStringArray(val: string[]): void
      readStringArray(): string[]
      readStringArray(dataIn: string[]): void
      writeParcelable(val: Parcelable): void
      readParcelable(dataIn: Parcelable): void
      writeParcelableArray(parcelableArray: Parcelable[]): void
      readParcelableArray(parcelableArray: Parcelable[]): void
      writeRemoteObject(object: IRemoteObject): void
      readRemoteObject(): IRemoteObject
      writeRemoteObjectArray(objectArray: IRemoteObject[]): void
      readRemoteObjectArray(): IRemoteObject[]
      readRemoteObjectArray(objects: IRemoteObject[]): void
      writeInterfaceToken(token: string): void
      readInterfaceToken(): string
      writeNoException(): void
      /** @throws the exception that was written instead */
      readException(): void
      writeArrayBuffer(buf: ArrayBuffer, typeCode: TypeCode): void
      readArrayBuffer(typeCode: TypeCode): ArrayBuffer
      getRawDataCapacity(): number
      writeRawData(rawData: number[], size: number): void
      readRawData(size: number): number[]
      writeRawDataBuffer(rawData: ArrayBuffer, size: number): void
      readRawDataBuffer(size: number): ArrayBuffer
      static closeFileDescriptor(fd: number): void
      static dupFileDescriptor(fd: number): number
      containFileDescriptors(): boolean
      /** Takes a duplicate. At most 16 in a message. */
      writeFileDescriptor(fd: number): void
      /** A descriptor of the reader's own, who closes it. */
      readFileDescriptor(): number
      writeAshmem(ashmem: Ashmem): void
      readAshmem(): Ashmem
      getSize(): number
      getCapacity(): number
      setSize(size: number): void
      setCapacity(size: number): void
      getWritableBytes(): number
      getReadableBytes(): number
      getReadPosition(): number
      getWritePosition(): number
      rewindRead(pos: number): void
      rewindWrite(pos: number): void
    }

    /** Of API 8, with {@link MessageParcel}. */
    interface Sequenceable {
      marshalling(dataOut: MessageParcel): boolean
      unmarshalling(dataIn: MessageParcel): boolean
    }

    /** A message of API 8: says false, or gives 0, '' or nothing, where a MessageSequence fails. */
    class MessageParcel {
      static create(): MessageParcel
      /** Closes the descriptors that it holds. */
      reclaim(): void
      writeByte(val: number): boolean
      readByte(): number
      writeShort(val: number): boolean
      readShort(): number
      writeInt(val: number): boolean
      readInt(): number
      writeLong(val: number): boolean
      readLong(): number
      writeFloat(val: number): boolean
      readFloat(): number
      writeDouble(val: number): boolean
      readDouble(): number
      writeBoolean(val: boolean): boolean
      readBoolean(): boolean
      writeChar(val: number): boolean
      readChar(): number
      writeString(val: string): boolean
      readString(): string
      writeByteArray(val: number[]): boolean
      readByteArray(): number[]
      readByteArray(dataIn: number[]): void
      writeShortArray(val: number[]): boolean
      readShortArray(): number[]
      readShortArray(dataIn: number[]): void
      writeIntArray(val: number[]): boolean
      readIntArray(): number[]
      readIntArray(dataIn: number[]): void
      writeLongArray(val: number[]): boolean
      readLongArray(): number[]
      readLongArray(dataIn: number[]): void
      writeFloatArray(val: number[]): boolean
      readFloatArray(): number[]
      readFloatArray(dataIn: number[]): void
      writeDoubleArray(val: number[]): boolean
      readDoubleArray(): number[]
      readDoubleArray(dataIn: number[]): void
      writeBooleanArray(val: boolean[]): boolean
      readBooleanArray(): boolean[]
      readBooleanArray(dataIn: boolean[]): void
      writeCharArray(val: number[]): boolean
      readCharArray(): number[]
      readCharArray(dataIn: number[]): void
      writeStringArray(val: string[]): boolean
      readStringArray(): string[]
      readStringArray(dataIn: string[]): void
      writeSequenceable(val: Sequenceable): boolean
      readSequenceable(dataIn: Sequenceable): boolean
      writeSequenceableArray(sequenceableArray: Sequenceable[]): boolean
      readSequenceableArray(sequenceableArray: Sequenceable[]): void
      writeRemoteObject(object: IRemoteObject): boolean
      readRemoteObject(): IRemoteObject
      writeRemoteObjectArray(objectArray: IRemoteObject[]): boolean
      readRemoteObjectArray(): IRemoteObject[]
      readRemoteObjectArray(objects: IRemoteObject[]): void
      writeInterfaceToken(token: string): boolean
      readInterfaceToken(): string
      writeNoException(): boolean
      /** @throws the exception that was written instead */
      readException(): void
      getRawDataCapacity(): number
      writeRawData(rawData: number[], size: number): boolean
      readRawData(size: number): number[]
      static closeFileDescriptor(fd: number): void
      static dupFileDescriptor(fd: number): number
      containFileDescriptors(): boolean
      /** Takes a duplicate. At most 16 in a message. */
      writeFileDescriptor(fd: number): boolean
      /** A descriptor of the reader's own, who closes it. */
      readFileDescriptor(): number
      writeAshmem(ashmem: Ashmem): boolean
      readAshmem(): Ashmem
      getSize(): number
      getCapacity(): number
      setSize(size: number): boolean
      setCapacity(size: number): boolean
      getWritableBytes(): number
      getReadableBytes(): number
      getReadPosition(): number
      getWritePosition(): number
      rewindRead(pos: number): boolean
      rewindWrite(pos: number): boolean
    }

    class MessageOption {
      static readonly TF_SYNC: number
      static readonly TF_ASYNC: number
      static readonly TF_ACCEPT_FDS: number
      static readonly TF_WAIT_TIME: number
      constructor(async?: boolean)
      constructor(syncFlags?: number, waitTime?: number)
      isAsync(): boolean
      setAsync(async: boolean): void
      getFlags(): number
      setFlags(flags: number): void
      getWaitTime(): number
      setWaitTime(waitTime: number): void
    }

    interface RequestResult {
      /** 0: the object has handled it. */
      errCode: number
      code: number
      data: MessageSequence
      reply: MessageSequence
    }

    /** Of API 8. */
    interface SendRequestResult {
      /** 0: the object has handled it. */
      errCode: number
      code: number
      data: MessageParcel
      reply: MessageParcel
    }

    interface DeathRecipient {
      onRemoteDied(): void
    }

    interface IRemoteBroker {
      asObject(): IRemoteObject
    }

    interface IRemoteObject {
      getLocalInterface(descriptor: string): IRemoteBroker
      sendMessageRequest(
        code: number,
        data: MessageSequence,
        reply: MessageSequence,
        options: MessageOption,
      ): Promise<RequestResult>
      sendMessageRequest(
        code: number,
        data: MessageSequence,
        reply: MessageSequence,
        options: MessageOption,
        callback: AsyncCallback<RequestResult>,
      ): void
      /** Of API 8. */
      sendRequest(
        code: number,
        data: MessageParcel,
        reply: MessageParcel,
        options: MessageOption,
      ): Promise<SendRequestResult>
      sendRequest(
        code: number,
        data: MessageParcel,
        reply: MessageParcel,
        options: MessageOption,
        callback: AsyncCallback<SendRequestResult>,
      ): void
      queryLocalInterface(descriptor: string): IRemoteBroker | null
      addDeathRecipient(recipient: DeathRecipient, flags: number): boolean
      removeDeathRecipient(recipient: DeathRecipient, flags: number): boolean
      getInterfaceDescriptor(): string
      registerDeathRecipient(recipient: DeathRecipient, flags: number): void
      unregisterDeathRecipient(recipient: DeathRecipient, flags: number): void
      getDescriptor(): string
      isObjectDead(): boolean
    }

    /** An object of another process: what `onConnect` gives, and `readRemoteObject`. */
    interface RemoteProxy extends IRemoteObject {}
    class RemoteProxy {
      static readonly PING_TRANSACTION: number
      static readonly DUMP_TRANSACTION: number
      static readonly INTERFACE_TRANSACTION: number
      static readonly MIN_TRANSACTION_ID: number
      static readonly MAX_TRANSACTION_ID: number
    }

    /** An object of this process, to be returned from `onConnect` or written into a message. */
    interface RemoteObject extends IRemoteObject {}
    class RemoteObject {
      constructor(descriptor: string)
      /** @returns true when the request was handled */
      onRemoteMessageRequest(
        code: number,
        data: MessageSequence,
        reply: MessageSequence,
        options: MessageOption,
      ): boolean | Promise<boolean>
      /** Of API 8; asked where a class has no `onRemoteMessageRequest`. */
      onRemoteRequest(
        code: number,
        data: MessageParcel,
        reply: MessageParcel,
        options: MessageOption,
      ): boolean | Promise<boolean>
      attachLocalInterface(localInterface: IRemoteBroker, descriptor: string): void
      modifyLocalInterface(localInterface: IRemoteBroker, descriptor: string): void
      getCallingPid(): number
      getCallingUid(): number
    }

    /** Who sends the request that is being handled, until its handler waits for something. */
    class IPCSkeleton {
      static getContextObject(): IRemoteObject
      static getCallingPid(): number
      static getCallingUid(): number
      static getCallingTokenId(): number
      static getCallingDeviceID(): string
      static getLocalDeviceID(): string
      static isLocalCalling(): boolean
      static flushCmdBuffer(object: IRemoteObject): void
      /** 0: nothing waits to be sent. */
      static flushCommands(object: IRemoteObject): number
      static resetCallingIdentity(): string
      static setCallingIdentity(identity: string): boolean
      static restoreCallingIdentity(identity: string): void
    }

    /** Memory that processes share. */
    class Ashmem {
      static readonly PROT_EXEC: number
      static readonly PROT_NONE: number
      static readonly PROT_READ: number
      static readonly PROT_WRITE: number
      static create(name: string, size: number): Ashmem
      static create(ashmem: Ashmem): Ashmem
      /** Of API 8, as everything with a boolean: null or false instead of an error. */
      static createAshmem(name: string, size: number): Ashmem | null
      static createAshmemFromExisting(ashmem: Ashmem): Ashmem | null
      mapAshmem(mapType: number): boolean
      mapReadAndWriteAshmem(): boolean
      mapReadOnlyAshmem(): boolean
      setProtection(protectionType: number): boolean
      writeToAshmem(buf: number[], size: number, offset: number): boolean
      readFromAshmem(size: number, offset: number): number[]
      writeAshmem(buf: number[], size: number, offset: number): void
      readAshmem(size: number, offset: number): number[]
      closeAshmem(): void
      unmapAshmem(): void
      mapTypedAshmem(mapType: number): void
      mapReadWriteAshmem(): void
      mapReadonlyAshmem(): void
      setProtectionType(protectionType: number): void
      writeDataToAshmem(buf: ArrayBuffer, size: number, offset: number): void
      readDataFromAshmem(size: number, offset: number): ArrayBuffer
    }
  }
  export default rpc
}

declare module '@kit.IPCKit' {
  import rpc from '@ohos.rpc'
  export { rpc }
}
