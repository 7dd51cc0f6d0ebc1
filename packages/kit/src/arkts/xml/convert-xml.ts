import { booleanParameter, objectParameter, optionalMember, textParameter } from '../../parameters.ts'
import { unreadableText } from '../arkts-error.ts'
import { type XmlAttribute, XmlReader, XmlSyntaxError } from './xml-reader.ts'

/** The members of an object that stands for a part of a document, and what they are called unless otherwise said. */
const usualKeys = {
  declarationKey: '_declaration',
  instructionKey: '_instruction',
  attributesKey: '_attributes',
  textKey: '_text',
  cdataKey: '_cdata',
  doctypeKey: '_doctype',
  commentKey: '_comment',
  parentKey: '_parent',
  typeKey: '_type',
  nameKey: '_name',
  elementsKey: '_elements',
} as const
type Keys = Record<keyof typeof usualKeys, string>
interface Flags {
  readonly trim: boolean
  readonly ignoreDeclaration: boolean
  readonly ignoreInstruction: boolean
  readonly ignoreAttributes: boolean
  readonly ignoreComment: boolean
  readonly ignoreCDATA: boolean
  readonly ignoreDoctype: boolean
  readonly ignoreText: boolean
}
type Node = Record<string, unknown>

/** `convertxml.ConvertXML`: a document as objects. */
export class ConvertXML {
  /** @throws BusinessError 401; 10200002 for a text that is not well-formed */
  convertToJSObject(xml: unknown, options?: unknown): object {
    const text = textParameter(xml, 'xml')
    const { keys, ignored } = optionsParameter(options)
    try {
      return convert(text, keys, ignored)
    } catch (error) {
      if (error instanceof XmlSyntaxError) throw unreadableText(`xml: ${error.message}`, 'xml', error)
      throw error
    }
  }

  /** {@link convertToJSObject}, as later devices call it. */
  fastConvertToJSObject(xml: unknown, options?: unknown): object {
    return this.convertToJSObject(xml, options)
  }

  /** {@link convertToJSObject}, as API 8 calls it. */
  convert(xml: unknown, options?: unknown): object {
    return this.convertToJSObject(xml, options)
  }
}

function convert(text: string, keys: Keys, ignored: Flags): object {
  const root: Node = {}
  const open: Node[] = [root]
  const add = (child: Node): void => {
    const parent = open.at(-1) ?? root
    const known = parent[keys.elementsKey]
    if (Array.isArray(known)) known.push(child)
    else parent[keys.elementsKey] = [child]
  }
  const leaf = (type: string, key: string, value: string, isIgnored: boolean): void => {
    if (!isIgnored) add({ [keys.typeKey]: type, [key]: value })
  }
  for (const piece of new XmlReader(text).pieces()) {
    switch (piece.kind) {
      case 'declaration':
        if (!ignored.ignoreDeclaration)
          root[keys.declarationKey] = { [keys.attributesKey]: members(piece.attributes) }
        break
      case 'start': {
        const node: Node = { [keys.typeKey]: 'element', [keys.nameKey]: piece.name }
        const parent = open.length > 1 ? open.at(-1)?.[keys.nameKey] : undefined
        if (parent !== undefined) node[keys.parentKey] = parent
        if (piece.attributes.length > 0 && !ignored.ignoreAttributes)
          node[keys.attributesKey] = members(piece.attributes)
        add(node)
        open.push(node)
        break
      }
      case 'end':
        open.pop()
        break
      case 'text':
        if (piece.text.trim() !== '')
          leaf('text', keys.textKey, ignored.trim ? piece.text.trim() : piece.text, ignored.ignoreText)
        break
      case 'cdata':
        leaf('cdata', keys.cdataKey, piece.text, ignored.ignoreCDATA)
        break
      case 'comment':
        leaf('comment', keys.commentKey, piece.text, ignored.ignoreComment)
        break
      case 'doctype':
        leaf('doctype', keys.doctypeKey, piece.text, ignored.ignoreDoctype)
        break
      case 'instruction': {
        const [, name = '', value = ''] = /^(\S*)\s*([^]*)$/.exec(piece.text) ?? []
        if (!ignored.ignoreInstruction)
          add({ [keys.typeKey]: 'instruction', [keys.nameKey]: name, [keys.instructionKey]: value })
      }
    }
  }
  return root
}

function members(attributes: readonly XmlAttribute[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]))
}

function optionsParameter(options: unknown): { keys: Keys; ignored: Flags } {
  const given = options === undefined || options === null ? {} : objectParameter(options, 'options')
  const key = (name: keyof Keys): string =>
    optionalMember(given, name, 'options', textParameter) ?? usualKeys[name]
  const flag = (name: string): boolean => optionalMember(given, name, 'options', booleanParameter) ?? false
  return {
    keys: {
      declarationKey: key('declarationKey'),
      instructionKey: key('instructionKey'),
      attributesKey: key('attributesKey'),
      textKey: key('textKey'),
      cdataKey: key('cdataKey'),
      doctypeKey: key('doctypeKey'),
      commentKey: key('commentKey'),
      parentKey: key('parentKey'),
      typeKey: key('typeKey'),
      nameKey: key('nameKey'),
      elementsKey: key('elementsKey'),
    },
    ignored: {
      trim: flag('trim'),
      ignoreDeclaration: flag('ignoreDeclaration'),
      ignoreInstruction: flag('ignoreInstruction'),
      ignoreAttributes: flag('ignoreAttributes'),
      ignoreComment: flag('ignoreComment'),
      ignoreCDATA: flag('ignoreCDATA'),
      ignoreDoctype: flag('ignoreDoctype'),
      ignoreText: flag('ignoreText'),
    },
  }
}
