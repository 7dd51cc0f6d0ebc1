import { BusinessError } from '@vpnext/api'
import { errorText, isErrno } from '@vpnext/native'
import { appendFileSync, closeSync, openSync, rmSync, truncateSync } from 'node:fs'
import { basename } from 'node:path'

import { asyncForm, noInput } from '../call-forms.ts'
import { type HttpParts, HttpRequest } from '../http/http-request.ts'
import { Listeners } from '../listeners.ts'
import { missingMembers } from '../provided.ts'
import type { DownloadConfig } from './download-config.ts'
import { downloadFailure, pauseReason, sessionStatus } from './request-constants.ts'
import { requestError } from './request-error.ts'

type State =
  | { readonly kind: 'pending' | 'paused' | 'done' | 'removed' }
  | { readonly kind: 'running'; readonly request: HttpRequest }
  | { readonly kind: 'failed'; readonly reason: number }

type Call = (...args: unknown[]) => Promise<unknown> | undefined

/** A failure that is known before the request ends. */
class Failure extends Error {
  readonly reason: number
  constructor(reason: number) {
    super('the download failed')
    this.reason = reason
  }
}

const statuses = {
  pending: sessionStatus.SESSION_PENDING,
  running: sessionStatus.SESSION_RUNNING,
  paused: sessionStatus.SESSION_PAUSED,
  done: sessionStatus.SESSION_SUCCESSFUL,
  removed: sessionStatus.SESSION_FAILED,
  failed: sessionStatus.SESSION_FAILED,
} as const

let lastId = 0

/** `request.DownloadTask`: a file that is fetched as `http` would, and written as it comes. */
export class DownloadTask {
  readonly #parts: HttpParts
  readonly #config: DownloadConfig
  readonly #id: number = ++lastId
  readonly #listeners = new Listeners(['progress', 'complete', 'pause', 'remove', 'fail'])
  #state: State = { kind: 'pending' }
  #received = 0
  /** Bytes; -1 when the server does not say. */
  #total = -1
  #mimeType = ''

  readonly delete: Call = this.#call(() => this.#remove())
  readonly suspend: Call = this.#call(() => this.#pause())
  readonly restore: Call = this.#call(() => this.#goOn())
  readonly getTaskInfo: Call = this.#call(() => this.#info())
  readonly getTaskMimeType: Call = this.#call(() => this.#mimeType)
  // Names of API 7.
  readonly remove: Call = this.delete
  readonly pause: Call = this.#call(() => void this.#pause())
  readonly resume: Call = this.#call(() => void this.#goOn())
  readonly query: Call = this.getTaskInfo
  readonly queryMimeType: Call = this.getTaskMimeType

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('DownloadTask'))
  }

  private constructor(parts: HttpParts, config: DownloadConfig) {
    this.#parts = parts
    this.#config = config
  }

  /**
   * Makes the file, and begins a turn later, so that listeners hear all of it.
   *
   * @throws BusinessError 13400001, 13400002 for a file that is there or cannot be
   */
  static start(parts: HttpParts, config: DownloadConfig): DownloadTask {
    try {
      closeSync(openSync(config.path, 'wx', 0o600))
    } catch (error) {
      const isPath = isErrno(error, 'EEXIST', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP')
      throw requestError(isPath ? 13400002 : 13400001, errorText(error), error)
    }
    const task = new DownloadTask(parts, config)
    setImmediate(() => {
      if (task.#state.kind === 'pending') void task.#run()
    })
    return task
  }

  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  #call(work: () => unknown): Call {
    return asyncForm(noInput, async () => work())
  }

  async #run(): Promise<void> {
    const request = new HttpRequest(this.#parts)
    const isCurrent = (): boolean => this.#state.kind === 'running' && this.#state.request === request
    this.#state = { kind: 'running', request }
    let failure: unknown
    const guarded =
      (take: (value: unknown) => void) =>
      (value: unknown): void => {
        if (failure !== undefined || !isCurrent()) return
        try {
          take(value)
        } catch (error) {
          failure = error
          request.destroy()
        }
      }
    request.on(
      'headersReceive',
      guarded((header) => this.#begin(header)),
    )
    request.on(
      'dataReceive',
      guarded((data) => this.#write(data)),
    )
    try {
      // Sizes are those of what arrives.
      const header = { 'accept-encoding': 'identity', ...this.#config.header, ...this.#range() }
      await request.requestInStream(this.#config.url, { header })
    } catch (error) {
      failure ??= error
    }
    if (!isCurrent()) return
    if (failure === undefined) {
      this.#state = { kind: 'done' }
      this.#listeners.emit('complete')
    } else {
      this.#fail(reasonOf(failure))
    }
  }

  #range(): object {
    return this.#received === 0 ? {} : { range: `bytes=${this.#received}-` }
  }

  #begin(header: unknown): void {
    const read = (name: string): string => {
      const value: unknown = typeof header === 'object' && header !== null ? Reflect.get(header, name) : ''
      return typeof value === 'string' ? value : ''
    }
    const status = Number(read('status-line').split(' ')[1])
    if (status !== 200 && status !== 206) throw new Failure(downloadFailure.ERROR_UNHANDLED_HTTP_CODE)
    // A server that does not go on where it was left begins anew.
    if (status === 200 && this.#received > 0) {
      truncateSync(this.#config.path)
      this.#received = 0
    }
    const size = read('content-length')
    this.#total = size === '' ? -1 : this.#received + Number(size)
    this.#mimeType = read('content-type').split(';')[0]?.trim() ?? ''
  }

  #write(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return
    appendFileSync(this.#config.path, new Uint8Array(data))
    this.#received += data.byteLength
    this.#listeners.emit('progress', this.#received, this.#total)
  }

  #fail(reason: number): void {
    this.#state = { kind: 'failed', reason }
    rmSync(this.#config.path, { force: true })
    this.#listeners.emit('fail', reason)
  }

  /** @returns whether there was something to pause */
  #pause(): boolean {
    const state = this.#state
    if (state.kind !== 'running' && state.kind !== 'pending') return false
    this.#state = { kind: 'paused' }
    if (state.kind === 'running') state.request.destroy()
    this.#listeners.emit('pause')
    return true
  }

  #goOn(): boolean {
    if (this.#state.kind !== 'paused') return false
    void this.#run()
    return true
  }

  /** What is not whole goes too. */
  #remove(): boolean {
    const state = this.#state
    if (state.kind === 'removed') return false
    this.#state = { kind: 'removed' }
    if (state.kind === 'running') state.request.destroy()
    if (state.kind !== 'done') rmSync(this.#config.path, { force: true })
    this.#listeners.emit('remove')
    return true
  }

  #info(): object {
    const { title, description, path } = this.#config
    return {
      downloadId: this.#id,
      downloadTitle: title,
      description,
      fileName: basename(path),
      filePath: path,
      targetURI: path,
      status: statuses[this.#state.kind],
      failedReason: this.#state.kind === 'failed' ? this.#state.reason : 0,
      pausedReason: this.#state.kind === 'paused' ? pauseReason.PAUSED_BY_USER : 0,
      downloadedBytes: this.#received,
      downloadTotalBytes: this.#total,
    }
  }
}

function reasonOf(error: unknown): number {
  if (error instanceof Failure) return error.reason
  if (error instanceof BusinessError) {
    return error.code === 2300047
      ? downloadFailure.ERROR_TOO_MANY_REDIRECTS
      : downloadFailure.ERROR_HTTP_DATA_ERROR
  }
  return isErrno(error, 'ENOSPC', 'EDQUOT')
    ? downloadFailure.ERROR_INSUFFICIENT_SPACE
    : downloadFailure.ERROR_FILE_ERROR
}
