import type { ApiCallback } from '@vpnext/api'

import { isCallback, settle } from '../async-forms.ts'
import { integerParameter, parameterError } from '../parameters.ts'
import { MessageOption } from './message-option.ts'
import { MessageParcel } from './message-parcel.ts'
import { MessageSequence } from './message-sequence.ts'

/** `rpc.RequestResult`; with parcels `rpc.SendRequestResult`. */
export interface RequestResult<Message = MessageSequence> {
  /** 0: the object has handled it. */
  readonly errCode: number
  readonly code: number
  readonly data: Message
  readonly reply: Message
}

/** Request codes that an application may use. */
export const minCode = 1
export const maxCode = 0xff_ffff

export interface SendArguments {
  readonly code: number
  readonly data: MessageSequence
  readonly reply: MessageSequence
  readonly option: MessageOption
  readonly callback: ApiCallback<RequestResult> | undefined
}

/** `sendMessageRequest(code, data, reply, options, callback?)`. @throws BusinessError 401 */
export function readSendArguments(args: readonly unknown[]): SendArguments {
  const [code, data, reply, option, callback] = args
  const number = integerParameter(code, 'code', minCode, 0xffff_ffff)
  if (!(data instanceof MessageSequence)) throw parameterError('data', 'is not a MessageSequence')
  if (!(reply instanceof MessageSequence)) throw parameterError('reply', 'is not a MessageSequence')
  if (!(option instanceof MessageOption)) throw parameterError('options', 'is not a MessageOption')
  // A message that was reclaimed is refused here and not later.
  MessageSequence.contentsOf(data, 'data')
  MessageSequence.contentsOf(reply, 'reply')
  return {
    code: number,
    data,
    reply,
    option,
    callback: isCallback<RequestResult>(callback) ? callback : undefined,
  }
}

/**
 * `sendRequest(code, data, reply, options, callback?)` of API 8, whose messages are parcels.
 *
 * @param send sends the messages behind them
 * @throws BusinessError 401
 */
export function sendParcels(
  args: readonly unknown[],
  send: (message: SendArguments) => Promise<number>,
): Promise<RequestResult<MessageParcel>> | undefined {
  const [code, data, reply, option, callback] = args
  const message = readSendArguments([
    code,
    MessageParcel.sequenceOf(data, 'data'),
    MessageParcel.sequenceOf(reply, 'reply'),
    option,
  ])
  const result = send(message).then((errCode) => ({
    errCode,
    code: message.code,
    data: new MessageParcel(message.data),
    reply: new MessageParcel(message.reply),
  }))
  return settle(result, isCallback<RequestResult<MessageParcel>>(callback) ? callback : undefined)
}

/** Gives the result as the device does: in a promise or to a callback, failed or not. */
export function reportResult(
  sending: Promise<number>,
  message: Pick<SendArguments, 'code' | 'data' | 'reply'>,
  callback: ApiCallback<RequestResult> | undefined,
): Promise<RequestResult> | undefined {
  const result = sending.then((errCode): RequestResult => ({ errCode, ...message }))
  return settle(result, callback)
}
