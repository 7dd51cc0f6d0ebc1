import {
  type AnyFunction,
  booleanParameter,
  functionParameter,
  objectParameter,
  optionalMember,
  parameterError,
} from '../../parameters.ts'
import { XmlReader, type XmlAttribute, type XmlPiece, XmlSyntaxError } from './xml-reader.ts'
import { bytesParameter, encodingParameter } from './xml-text.ts'

/** `xml.EventType`. */
export const eventType = {
  START_DOCUMENT: 0,
  END_DOCUMENT: 1,
  START_TAG: 2,
  END_TAG: 3,
  TEXT: 4,
  CDSECT: 5,
  COMMENT: 6,
  DOCDECL: 7,
  INSTRUCTION: 8,
  ENTITY_REFERENCE: 9,
  WHITESPACE: 10,
} as const

/** What is told of one piece. */
interface Event {
  readonly type: number
  readonly prefix: string
  readonly name: string
  readonly namespace: string
  readonly text: string
  readonly attributes: readonly XmlAttribute[]
  readonly isEmpty: boolean
}

const nothing: Event = {
  type: eventType.START_DOCUMENT,
  prefix: '',
  name: '',
  namespace: '',
  text: '',
  attributes: [],
  isEmpty: false,
}

interface Options {
  readonly supportDoctype: boolean
  readonly ignoreNameSpace: boolean
  readonly tag: AnyFunction | undefined
  readonly attribute: AnyFunction | undefined
  readonly attributeWithTag: AnyFunction | undefined
  readonly token: AnyFunction | undefined
}

/** `xml.XmlPullParser`: tells functions what is in a document, as it comes. */
export class XmlPullParser {
  readonly #text: string

  /** @throws BusinessError 401 */
  constructor(buffer: unknown, encoding?: unknown) {
    encodingParameter(encoding)
    this.#text = textOf(buffer)
  }

  /** @throws BusinessError 401 for options, and for a text that is not well-formed, once what stands before has been told */
  parse(option: unknown): void {
    const options = optionsParameter(option)
    const reader = new XmlReader(this.#text)
    try {
      tellAll(reader, options)
    } catch (error) {
      if (error instanceof XmlSyntaxError) throw parameterError('buffer', error.message)
      throw error
    }
  }

  /** {@link parse}, as later devices call it. */
  parseXml(option: unknown): void {
    this.parse(option)
  }
}

function tellAll(reader: XmlReader, options: Options): void {
  if (!tell(reader, nothing, options)) return
  const scopes: (readonly XmlAttribute[])[] = []
  for (const piece of reader.pieces()) {
    if (piece.kind === 'declaration' || (piece.kind === 'doctype' && !options.supportDoctype)) continue
    if (piece.kind === 'start') scopes.push(piece.attributes)
    const event = eventOf(piece, scopes, options)
    if (piece.kind === 'end') scopes.pop()
    if (!tell(reader, event, options)) return
  }
  tell(reader, { ...nothing, type: eventType.END_DOCUMENT }, options)
}

function eventOf(
  piece: Exclude<XmlPiece, { kind: 'declaration' }>,
  scopes: readonly (readonly XmlAttribute[])[],
  { ignoreNameSpace }: Options,
): Event {
  switch (piece.kind) {
    case 'start':
    case 'end': {
      const type = piece.kind === 'start' ? eventType.START_TAG : eventType.END_TAG
      const { name, attributes, isEmpty } = piece
      if (ignoreNameSpace) return { ...nothing, type, name, attributes, isEmpty }
      const colon = name.indexOf(':')
      const prefix = colon === -1 ? '' : name.slice(0, colon)
      return {
        ...nothing,
        type,
        prefix,
        name: name.slice(colon + 1),
        namespace: namespaceOf(prefix, scopes),
        attributes: attributes.filter((each) => !/^xmlns(:|$)/.test(each.name)),
        isEmpty,
      }
    }
    case 'text': {
      const isWhite = piece.text.trim() === ''
      return { ...nothing, type: isWhite ? eventType.WHITESPACE : eventType.TEXT, text: piece.text }
    }
    default:
      return { ...nothing, type: textEvents[piece.kind], text: piece.text }
  }
}

const textEvents = {
  cdata: eventType.CDSECT,
  comment: eventType.COMMENT,
  doctype: eventType.DOCDECL,
  instruction: eventType.INSTRUCTION,
} as const

function namespaceOf(prefix: string, scopes: readonly (readonly XmlAttribute[])[]): string {
  const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`
  const declared = scopes.flat().findLast((each) => each.name === name)
  return declared?.value ?? ''
}

/** @returns whether to go on */
function tell(reader: XmlReader, event: Event, options: Options): boolean {
  const { type, name, prefix, text, attributes } = event
  const full = prefix === '' ? name : `${prefix}:${name}`
  if (options.tag !== undefined) {
    if ((type === eventType.START_TAG || type === eventType.END_TAG) && options.tag(full, '') === false)
      return false
    if ((type === eventType.TEXT || type === eventType.CDSECT) && options.tag('', text) === false)
      return false
  }
  if (type === eventType.START_TAG) {
    for (const each of attributes) {
      if (options.attribute?.(each.name, each.value) === false) return false
      if (options.attributeWithTag?.(full, each.name, each.value) === false) return false
    }
  }
  return options.token?.(type, parseInfo(reader, event)) !== false
}

/** `xml.ParseInfo` of one piece. */
function parseInfo({ depth, line, column }: XmlReader, event: Event): object {
  return {
    getColumnNumber: () => column,
    getDepth: () => depth,
    getLineNumber: () => line,
    getName: () => event.name,
    getNamespace: () => event.namespace,
    getPrefix: () => event.prefix,
    getText: () => event.text,
    isEmptyElementTag: () => event.isEmpty,
    isWhitespace: () => event.type === eventType.WHITESPACE,
    getAttributeCount: () => event.attributes.length,
  }
}

function optionsParameter(option: unknown): Options {
  const given = objectParameter(option, 'option')
  const callback = (name: string): AnyFunction | undefined =>
    optionalMember(given, name, 'option', functionParameter)
  const flag = (name: string): boolean => optionalMember(given, name, 'option', booleanParameter) ?? false
  return {
    supportDoctype: flag('supportDoctype'),
    ignoreNameSpace: flag('ignoreNameSpace'),
    tag: callback('tagValueCallbackFunction'),
    attribute: callback('attributeValueCallbackFunction'),
    attributeWithTag: callback('attributeWithTagCallbackFunction'),
    token: callback('tokenValueCallbackFunction'),
  }
}

/** The text of a buffer; nothing that a serializer has left free behind it. */
function textOf(buffer: unknown): string {
  return Buffer.from(bytesParameter(buffer)).toString().replace(/\0+$/, '')
}
