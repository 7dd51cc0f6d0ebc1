import { booleanParameter, integerParameter } from '../parameters.ts'

/** Wait time when none is given, in seconds, as the device tells it. */
const defaultWaitTime = 8
const oneWay = 1

/** `rpc.MessageOption`: whether a request waits for its reply. */
export class MessageOption {
  static readonly TF_SYNC = 0
  static readonly TF_ASYNC: number = oneWay
  static readonly TF_ACCEPT_FDS = 0x10
  static readonly TF_WAIT_TIME: number = defaultWaitTime
  #flags: number = MessageOption.TF_SYNC
  #waitTime = defaultWaitTime

  /** `new MessageOption(async?)`, or with flags and a wait time in seconds, which has no effect. @throws BusinessError 401 */
  constructor(...args: unknown[]) {
    const [first, second] = args
    if (typeof first === 'boolean') this.#flags = first ? oneWay : MessageOption.TF_SYNC
    else if (first !== undefined) this.setFlags(first)
    if (second !== undefined) this.setWaitTime(second)
  }

  isAsync(): boolean {
    return (this.#flags & oneWay) !== 0
  }

  setAsync(async: unknown): void {
    this.#flags = booleanParameter(async, 'async') ? this.#flags | oneWay : this.#flags & ~oneWay
  }

  getFlags(): number {
    return this.#flags
  }

  setFlags(flags: unknown): void {
    this.#flags = integerParameter(flags, 'flags', 0, 0xff)
  }

  getWaitTime(): number {
    return this.#waitTime
  }

  setWaitTime(seconds: unknown): void {
    const time = integerParameter(seconds, 'waitTime', -0x8000_0000, 0x7fff_ffff)
    this.#waitTime = time > 0 ? time : defaultWaitTime
  }
}
