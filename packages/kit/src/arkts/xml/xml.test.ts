import { expect, test } from 'vitest'

import { testKits } from '../../../test/test-runtime.ts'

type Members = Record<string, (...args: unknown[]) => unknown>
type Class = new (...args: unknown[]) => Members

const { kits } = testKits()
const kit = kits.load('@kit.ArkTS') ?? {}
const xml: Record<string, Class> = Reflect.get(kit, 'xml')
const ConvertXML: Class = Reflect.get(Reflect.get(kit, 'convertxml'), 'ConvertXML')
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const create = (name: string, ...args: unknown[]): Members => {
  const Type = xml[name]
  if (Type === undefined) throw new Error(name)
  return new Type(...args)
}
const bytes = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text)).buffer
const parse = (text: string, options: object): void =>
  void create('XmlPullParser', bytes(text))['parse']?.(options)
/** What `tokenValueCallbackFunction` tells, by one question. */
const told = (text: string, question: string, rest: object = {}): unknown[][] => {
  const events: unknown[][] = []
  const tokenValueCallbackFunction = (type: number, info: Members): boolean => {
    events.push([type, info[question]?.()])
    return true
  }
  parse(text, { supportDoctype: true, ignoreNameSpace: true, tokenValueCallbackFunction, ...rest })
  return events
}
const written = (write: (serializer: Members) => void): string => {
  const buffer = new ArrayBuffer(2048)
  write(create('XmlSerializer', buffer))
  const dynamic = create('XmlDynamicSerializer')
  write(dynamic)
  const text = Buffer.from(buffer).toString().replace(/\0+$/, '')
  expect(Buffer.from(dynamic['getOutput']?.() as ArrayBuffer).toString()).toBe(text)
  return text
}

test('documents are written as the documents’ examples say', () => {
  expect(written((to) => to['setDeclaration']?.())).toBe('<?xml version="1.0" encoding="utf-8"?>')
  expect(written((to) => to['addEmptyElement']?.('d'))).toBe('<d/>')
  expect(written((to) => to['setComment']?.('Hello, World!'))).toBe('<!--Hello, World!-->')
  expect(written((to) => to['setCDATA']?.('root ]]> SYSTEM'))).toBe('<![CDATA[root ]]]]><![CDATA[> SYSTEM]]>')
  expect(written((to) => to['setDocType']?.('root SYSTEM "http://www.test.org/test.dtd"'))).toBe(
    '<!DOCTYPE root SYSTEM "http://www.test.org/test.dtd">',
  )
  const namespace = written((to) => {
    to['setNamespace']?.('h', 'http://www.w3.org/TR/html4/')
    to['startElement']?.('note')
    to['endElement']?.()
  })
  expect(namespace).toBe('<h:note xmlns:h="http://www.w3.org/TR/html4/"/>')
  const whole = written((to) => {
    to['setDeclaration']?.()
    to['startElement']?.('bookstore')
    to['startElement']?.('book')
    to['setAttributes']?.('category', '"A" & B')
    to['startElement']?.('title')
    to['setText']?.("it's <é>")
    to['endElement']?.()
    to['endElement']?.()
    to['endElement']?.()
  })
  expect(whole).toBe(
    '<?xml version="1.0" encoding="utf-8"?><bookstore>\r\n  <book category="&quot;A&quot; &amp; B">\r\n    <title>it&apos;s &lt;é&gt;</title>\r\n  </book>\r\n</bookstore>',
  )
})

test('what cannot be written is refused, each serializer by its codes', () => {
  const fixed = create('XmlSerializer', new ArrayBuffer(8))
  expect(() => fixed['setAttributes']?.('a', 'b')).toThrow(code(401))
  expect(() => fixed['endElement']?.()).toThrow(code(401))
  expect(() => fixed['startElement']?.('a-long-name')).toThrow(code(401))
  expect(() => fixed['startElement']?.('')).toThrow(code(401))
  expect(() => fixed['setText']?.(5)).toThrow(code(401))
  expect(() => create('XmlSerializer', 'text')).toThrow(code(401))
  expect(() => create('XmlSerializer', new ArrayBuffer(8), 'gbk')).toThrow(code(401))
  const dynamic = create('XmlDynamicSerializer', 'UTF-8')
  expect(() => dynamic['setAttributes']?.('a', 'b')).toThrow(code(10200063))
  expect(() => dynamic['endElement']?.()).toThrow(code(10200064))
  expect(() => dynamic['setText']?.('x'.repeat(100_001))).toThrow(code(10200062))
  dynamic['setText']?.('x')
  expect(() => dynamic['setDeclaration']?.()).toThrow(code(10200063))
})

test('tags, texts and attributes are told', () => {
  const text =
    '<?xml version="1.0" encoding="utf-8"?><note importance="high" logged="true"><company>John &amp; Hans</company><title>Happy</title></note>'
  const tags: string[] = []
  const attributes: string[] = []
  parse(text, {
    supportDoctype: true,
    ignoreNameSpace: true,
    tagValueCallbackFunction: (name: string, value: string) => tags.push(name + value) > 0,
    attributeValueCallbackFunction: (name: string, value: string) => attributes.push(`${name}=${value}`) > 0,
    attributeWithTagCallbackFunction: (tag: string, name: string) => attributes.push(`${tag} ${name}`) > 0,
  })
  expect(tags).toEqual(['note', 'company', 'John & Hans', 'company', 'title', 'Happy', 'title', 'note'])
  expect(attributes).toEqual(['importance=high', 'note importance', 'logged=true', 'note logged'])
  const few: string[] = []
  parse(text, { tagValueCallbackFunction: (name: string, value: string) => few.push(name + value) < 3 })
  expect(few).toEqual(['note', 'company', 'John & Hans'])
})

test('every piece is told with its place, as the documents’ examples say', () => {
  const head = '<?xml version="1.0" encoding="utf-8"?>'
  const note = `${head}<note>Happy</note>`
  expect(told(note, 'getColumnNumber')).toEqual([
    [0, 1],
    [2, 45],
    [4, 50],
    [3, 57],
    [1, 57],
  ])
  expect(told(note.replaceAll('>', '>\n'), 'getLineNumber').at(-1)).toEqual([1, 4])
  expect(told(note, 'getName')).toEqual([
    [0, ''],
    [2, 'note'],
    [4, ''],
    [3, 'note'],
    [1, ''],
  ])
  expect(told(note, 'getText')).toEqual([
    [0, ''],
    [2, ''],
    [4, 'Happy'],
    [3, ''],
    [1, ''],
  ])
  expect(told(`${head}<note importance="high"><title>Happy</title></note>`, 'getDepth')).toEqual([
    [0, 0],
    [2, 1],
    [2, 2],
    [4, 2],
    [3, 2],
    [3, 1],
    [1, 0],
  ])
  const prefixed = `${head}<note xmlns:h="http://www.w3.org"><h:title>Happy</h:title></note>`
  const spaces = { ignoreNameSpace: false }
  expect(told(prefixed, 'getNamespace', spaces).map(([, each]) => each)).toEqual([
    '',
    '',
    'http://www.w3.org',
    '',
    'http://www.w3.org',
    '',
    '',
  ])
  expect(told(prefixed, 'getPrefix', spaces)[2]).toEqual([2, 'h'])
  expect([told(prefixed, 'getName', spaces)[2], told(prefixed, 'getName')[2]]).toEqual([
    [2, 'title'],
    [2, 'h:title'],
  ])
  const empty = `${head}<note importance="high" logged="true"/>`
  expect(told(empty, 'getAttributeCount')).toEqual([
    [0, 0],
    [2, 2],
    [3, 2],
    [1, 0],
  ])
  expect(told(empty, 'isEmptyElementTag')).toEqual([
    [0, false],
    [2, true],
    [3, false],
    [1, false],
  ])
  const kinds = '<!DOCTYPE a [<!ELEMENT a "]>">]><?pi data?><a> <!--c--><![CDATA[<&]]>&#x41;&#66;</a>'
  expect(told(kinds, 'getText')).toEqual([
    [0, ''],
    [7, 'a [<!ELEMENT a "]>">]'],
    [8, 'pi data'],
    [2, ''],
    [10, ' '],
    [6, 'c'],
    [5, '<&'],
    [4, 'AB'],
    [3, ''],
    [1, ''],
  ])
  expect(told(kinds, 'getText', { supportDoctype: false }).some(([type]) => type === 7)).toBe(false)
})

test('a text that is not well-formed is refused with its place', () => {
  for (const wrong of [
    '',
    'text',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a b></a>',
    '<a b="1" b="2"/>',
    '<a b="<"/>',
    '<a>&nosuch;</a>',
    '<a>&amp</a>',
    '<a>&#x110000;</a>',
    '<a><!-- </a>',
    '<a><![CDATA[ </a>',
    '<!DOCTYPE a [ <a/>',
    '<1a/>',
    '<a/>text',
  ]) {
    expect(() => parse(wrong, {}), wrong).toThrow(code(401))
    expect(() => new ConvertXML()['convertToJSObject']?.(wrong), wrong).toThrow(code(10200002))
  }
  expect(() => parse('<a>\n<b></c>', {})).toThrow(
    expect.objectContaining({
      data: expect.objectContaining({ reason: 'line 2, column 8: <b> ends otherwise' }),
    }) as object,
  )
  expect(() => create('XmlPullParser', 'text')).toThrow(code(401))
  expect(() => create('XmlPullParser', bytes('<a/>'), 'gbk')).toThrow(code(401))
  expect(() => create('XmlPullParser', bytes('<a/>'))['parse']?.()).toThrow(code(401))
  expect(() => parse('<a/>', { supportDoctype: 1 })).toThrow(code(401))
  expect(() => parse('<a/>', { tagValueCallbackFunction: 1 })).toThrow(code(401))
})

test('a document becomes an object, as the documents’ example says', () => {
  const text =
    '<?xml version="1.0" encoding="utf-8"?><note importance="high" logged="true">    <title> Happy </title>    <todo>Work</todo><!--c--><?p i?><![CDATA[x]]></note>'
  const element = (name: string, value: string): object => ({
    _type: 'element',
    _name: name,
    _parent: 'note',
    _elements: [{ _type: 'text', _text: value }],
  })
  const convert = (options?: object): unknown => new ConvertXML()['fastConvertToJSObject']?.(text, options)
  expect(convert({ trim: true, ignoreComment: true, ignoreInstruction: true, ignoreCDATA: true })).toEqual({
    _declaration: { _attributes: { version: '1.0', encoding: 'utf-8' } },
    _elements: [
      {
        _type: 'element',
        _name: 'note',
        _attributes: { importance: 'high', logged: 'true' },
        _elements: [element('title', 'Happy'), element('todo', 'Work')],
      },
    ],
  })
  expect(
    convert({ ignoreDeclaration: true, ignoreAttributes: true, ignoreText: true, elementsKey: 'e' }),
  ).toEqual({
    e: [
      {
        _type: 'element',
        _name: 'note',
        e: [
          { _type: 'element', _name: 'title', _parent: 'note' },
          { _type: 'element', _name: 'todo', _parent: 'note' },
          { _type: 'comment', _comment: 'c' },
          { _type: 'instruction', _name: 'p', _instruction: 'i' },
          { _type: 'cdata', _cdata: 'x' },
        ],
      },
    ],
  })
  expect(() => new ConvertXML()['convert']?.(5)).toThrow(code(401))
  expect(() => new ConvertXML()['convert']?.('<a/>', { trim: 1 })).toThrow(code(401))
})

test('long documents are read in time that grows with their length', () => {
  const line = `<a b="${'c'.repeat(20)}">text &amp; more</a>\n`
  expect(told(`<r>${line.repeat(20_000)}</r>`, 'getLineNumber').length).toBeGreaterThan(60_000)
  expect(() => parse(`<!DOCTYPE a [${'<!-- c -->'.repeat(1000)}`, {})).toThrow(code(401))
})
