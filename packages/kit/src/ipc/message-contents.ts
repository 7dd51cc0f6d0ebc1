import { Fd } from '@vpnext/native'

import { isOpen, withBorrowed } from '../file/borrowed-fd.ts'
import type { Parcel } from './parcel.ts'
import { type IRemoteObject, isRemoteObject } from './remote-kind.ts'
import { rpcError } from './rpc-error.ts'
import { int } from './value-codecs.ts'

/** Descriptors that one message may carry. */
const maxDescriptors = 16
/** Precede a remote object and a descriptor, so that neither is read where there is none. */
const objectMark = 0x736d2a85
const descriptorMark = 0x6664_2a85

/** The contents of a message: bytes, and what they speak of by number. */
export interface MessageContents {
  readonly parcel: Parcel
  readonly objects: IRemoteObject[]
  /** Owned by the message. */
  readonly descriptors: Fd[]
}

/** @throws BusinessError 1900008 for what is no remote object */
export function writeObject({ parcel, objects }: MessageContents, object: unknown): void {
  if (!isRemoteObject(object)) throw rpcError(1900008, 'is no remote object')
  int.write(parcel, objectMark)
  int.write(parcel, objects.push(object) - 1)
}

/** @throws BusinessError 1900008, with the position as it was, when something else comes next */
export function readObject({ parcel, objects }: MessageContents): IRemoteObject {
  const start = parcel.readPosition
  const marked = int.read(parcel) === objectMark
  const object = marked ? objects[int.read(parcel)] : undefined
  if (object !== undefined) return object
  parcel.seekRead(start)
  throw rpcError(1900008, 'the next value is no remote object')
}

/**
 * Takes a duplicate; the number stays the caller's.
 *
 * @throws BusinessError 1900013 for a number that is not open, 1900009 when the message is full of them
 */
export function writeDescriptor({ parcel, descriptors }: MessageContents, number: number): void {
  const copy = duplicate(number)
  if (descriptors.length >= maxDescriptors) {
    copy.close()
    throw rpcError(1900009, `a message carries ${maxDescriptors} descriptors at most`)
  }
  int.write(parcel, descriptorMark)
  int.write(parcel, descriptors.push(copy) - 1)
}

/**
 * @returns a descriptor of the reader's own
 * @throws BusinessError 1900010, with the position as it was, when something else comes next
 */
export function readDescriptor({ parcel, descriptors }: MessageContents): number {
  const start = parcel.readPosition
  const marked = int.read(parcel) === descriptorMark
  const fd = marked ? descriptors[int.read(parcel)] : undefined
  if (fd !== undefined) return fd.dup().release()
  parcel.seekRead(start)
  throw rpcError(1900010, 'the next value is no descriptor')
}

/** @throws BusinessError 1900013 for a number that is no open descriptor */
export function duplicate(number: number): Fd {
  if (!isOpen(number)) throw rpcError(1900013, `${number} is not open`)
  try {
    return withBorrowed(number, (fd) => fd.dup())
  } catch (error) {
    throw rpcError(1900013, String(error), error)
  }
}
