import { BusinessError } from '@vpnext/api'

import { parameterError, textParameter } from '../../parameters.ts'
import { type WriteFault, XmlWriter, bytesParameter, encodingParameter } from './xml-text.ts'

/** Characters that `XmlDynamicSerializer` holds. */
const most = 100_000
const dynamicFaults: Readonly<Record<WriteFault, readonly [code: number, message: string]>> = {
  position: [10200063, 'Illegal position for xml.'],
  match: [10200064, 'There is no match between the startElement and the endElement.'],
  empty: [401, 'Parameter error.'],
}

/** What both serializers do: `xml.XmlSerializer` writes into a buffer of its maker, `xml.XmlDynamicSerializer` into one of its own. */
class Serializer {
  readonly #writer: XmlWriter

  constructor(writer: XmlWriter) {
    this.#writer = writer
  }

  setDeclaration(): void {
    this.#writer.declaration()
  }

  setNamespace(prefix: unknown, namespace: unknown): void {
    this.#writer.namespace(textParameter(prefix, 'prefix'), textParameter(namespace, 'namespace'))
  }

  startElement(name: unknown): void {
    this.#writer.start(textParameter(name, 'name'))
  }

  setAttributes(name: unknown, value: unknown): void {
    this.#writer.attribute(textParameter(name, 'name'), textParameter(value, 'value'))
  }

  endElement(): void {
    this.#writer.end()
  }

  addEmptyElement(name: unknown): void {
    this.#writer.emptyElement(textParameter(name, 'name'))
  }

  setText(text: unknown): void {
    this.#writer.text(textParameter(text, 'text'))
  }

  setComment(text: unknown): void {
    this.#writer.piece(`<!--${textParameter(text, 'text')}-->`)
  }

  /** An end in the text is divided among two sections. */
  setCDATA(text: unknown): void {
    this.#writer.piece(`<![CDATA[${textParameter(text, 'text').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`)
  }

  setDocType(text: unknown): void {
    this.#writer.piece(`<!DOCTYPE ${textParameter(text, 'text')}>`)
  }
}

/** `xml.XmlSerializer`: what does not fit into the buffer is refused (the device leaves it out). */
export class XmlSerializer extends Serializer {
  constructor(buffer: unknown, encoding?: unknown) {
    const target = bytesParameter(buffer)
    let at = 0
    const write = (text: string): void => {
      const bytes = Buffer.from(text)
      if (at + bytes.length > target.length)
        throw parameterError('buffer', `has ${target.length} bytes, and the text needs more`)
      target.set(bytes, at)
      at += bytes.length
    }
    super(new XmlWriter(encodingParameter(encoding), write, parameterError))
  }
}

/** `xml.XmlDynamicSerializer`. */
export class XmlDynamicSerializer extends Serializer {
  readonly #parts: string[]

  constructor(encoding?: unknown) {
    const parts: string[] = []
    let length = 0
    const write = (text: string): void => {
      if (length + text.length > most)
        throw new BusinessError(
          10200062,
          `The cumulative length of xml has exceeded the upper limit ${most}.`,
          {
            reason: `${length} characters are there`,
          },
        )
      length += text.length
      parts.push(text)
    }
    super(new XmlWriter(encodingParameter(encoding), write, dynamicFault))
    this.#parts = parts
  }

  getOutput(): ArrayBuffer {
    return Uint8Array.from(Buffer.from(this.#parts.join(''))).buffer
  }
}

function dynamicFault(fault: WriteFault, reason: string): BusinessError {
  const [code, message] = dynamicFaults[fault]
  return code === 401 ? parameterError(fault, reason) : new BusinessError(code, message, { reason })
}
