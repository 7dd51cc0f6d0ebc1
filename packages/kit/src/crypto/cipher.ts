import { type Cipher as NodeCipher, type Decipher, createCipheriv, createDecipheriv } from 'node:crypto'

import { integerParameter, objectParameter, parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import {
  type DataBlob,
  blob,
  blobParameter,
  cryptoError,
  methodForms,
  unknownAlgorithm,
} from './crypto-error.ts'
import { SymKey } from './sym-key.ts'

/** How a transformation, `AES256|CBC|PKCS7`, is done with OpenSSL. */
interface Transformation {
  readonly name: string
  readonly padding: boolean
  /** Bytes of the tag that ends it. */
  readonly tag: number
  readonly hasIv: boolean
}

const families: Readonly<Record<string, string>> = {
  AES128: 'aes-128',
  AES192: 'aes-192',
  AES256: 'aes-256',
  SM4_128: 'sm4',
  '3DES192': 'des-ede3',
}
const modes: Readonly<Record<string, string>> = {
  ECB: 'ecb',
  CBC: 'cbc',
  CTR: 'ctr',
  OFB: 'ofb',
  CFB: 'cfb',
  CFB1: 'cfb1',
  CFB8: 'cfb8',
  CFB128: 'cfb',
  GCM: 'gcm',
}

/** @throws BusinessError 401, 801 */
function readTransformation(value: unknown): Transformation {
  const text = textParameter(value, 'transformation')
  if (text === 'ChaCha20|Poly1305') return { name: 'chacha20-poly1305', padding: false, tag: 16, hasIv: true }
  const [family = '', mode = '', padding = ''] = text.split('|')
  const cipher = Object.hasOwn(families, family) ? families[family] : undefined
  const way = Object.hasOwn(modes, mode) ? modes[mode] : undefined
  const isOld = family === '3DES192' && !['ECB', 'CBC', 'OFB', 'CFB', 'CFB1', 'CFB8'].includes(mode)
  const isStrange =
    !['NoPadding', 'PKCS5', 'PKCS7'].includes(padding) || (family === 'SM4_128' && mode === 'GCM')
  if (cipher === undefined || way === undefined || isOld || isStrange) throw unknownAlgorithm(text)
  const isBlock = way === 'ecb' || way === 'cbc'
  // OpenSSL's name of 3DES in ECB has no mode.
  const name = cipher === 'des-ede3' && way === 'ecb' ? cipher : `${cipher}-${way}`
  return {
    name,
    padding: isBlock && padding !== 'NoPadding',
    tag: way === 'gcm' ? 16 : 0,
    hasIv: way !== 'ecb',
  }
}

interface Started {
  readonly encrypts: boolean
  readonly cipher: NodeCipher | Decipher
}

/** `cryptoFramework.createCipher(transformation)`, with symmetric keys. */
export class Cipher {
  readonly algName: string
  readonly init: (...args: unknown[]) => Promise<void> | undefined
  readonly initSync: (...args: unknown[]) => void
  readonly update: (...args: unknown[]) => Promise<DataBlob | null> | undefined
  readonly updateSync: (...args: unknown[]) => DataBlob | null
  readonly doFinal: (...args: unknown[]) => Promise<DataBlob | null> | undefined
  readonly doFinalSync: (...args: unknown[]) => DataBlob | null
  #started: Started | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Cipher'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(transformation: unknown) {
    const way = readTransformation(transformation)
    this.algName = textParameter(transformation, 'transformation')
    const init = methodForms((mode: unknown, key: unknown, parameters: unknown): void => {
      this.#started = begin(
        way,
        integerParameter(mode, 'opMode', 0, 1) === 0,
        SymKey.bytesOf(key, 'key'),
        parameters,
      )
    })
    const update = methodForms((data: unknown) => {
      const output = this.#running().cipher.update(blobParameter(data, 'data'))
      return output.length === 0 ? null : blob(output)
    })
    const finish = methodForms((data: unknown) => {
      const { cipher, encrypts } = this.#running()
      const first =
        data === undefined || data === null ? Buffer.alloc(0) : cipher.update(blobParameter(data, 'data'))
      const last = cipher.final()
      const tag = encrypts && way.tag > 0 && 'getAuthTag' in cipher ? tagOf(cipher) : Buffer.alloc(0)
      this.#started = undefined
      const output = Buffer.concat([first, last, tag])
      return output.length === 0 ? null : blob(output)
    })
    this.init = init.later
    this.initSync = init.now
    this.update = update.later
    this.updateSync = update.now
    this.doFinal = finish.later
    this.doFinalSync = finish.now
  }

  #running(): Started {
    if (this.#started === undefined) throw cryptoError(new Error('init was not called'))
    return this.#started
  }
}

function begin(way: Transformation, encrypts: boolean, key: Uint8Array, parameters: unknown): Started {
  const iv = way.hasIv ? partOf(parameters, 'iv') : null
  const cipher = encrypts ? createCipheriv(way.name, key, iv) : createDecipheriv(way.name, key, iv)
  if (way.tag === 0) {
    cipher.setAutoPadding(way.padding)
    return { encrypts, cipher }
  }
  const aad: unknown = Reflect.get(objectParameter(parameters, 'params'), 'aad')
  if (aad !== undefined && aad !== null) call(cipher, 'setAAD', blobParameter(aad, 'params.aad'))
  if (!encrypts) call(cipher, 'setAuthTag', partOf(parameters, 'authTag', way.tag))
  return { encrypts, cipher }
}

/** Methods that node's types know of some ciphers only. */
function call(cipher: NodeCipher | Decipher, method: 'setAAD' | 'setAuthTag', bytes: Uint8Array): void {
  const found: unknown = Reflect.get(cipher, method)
  if (typeof found === 'function') Reflect.apply(found, cipher, [bytes])
}

function tagOf(cipher: object): Buffer {
  const found: unknown = Reflect.get(cipher, 'getAuthTag')
  const tag: unknown = typeof found === 'function' ? Reflect.apply(found, cipher, []) : undefined
  return Buffer.isBuffer(tag) ? tag : Buffer.alloc(0)
}

/** @throws BusinessError 401 */
function partOf(parameters: unknown, name: string, length?: number): Uint8Array {
  const bytes = blobParameter(Reflect.get(objectParameter(parameters, 'params'), name), `params.${name}`)
  if (length !== undefined && bytes.length !== length)
    throw parameterError(`params.${name}`, `does not have ${length} bytes`)
  return bytes
}
