declare module '@ohos.xml' {
  /** Documents are written and read: UTF-8, well-formed or 401, without the declarations of a document type. */
  namespace xml {
    /** What does not fit into the buffer is 401. */
    class XmlSerializer {
      constructor(buffer: ArrayBuffer | DataView, encoding?: string)
      setDeclaration(): void
      /** For the next element, and those in it. */
      setNamespace(prefix: string, namespace: string): void
      startElement(name: string): void
      setAttributes(name: string, value: string): void
      addEmptyElement(name: string): void
      endElement(): void
      setText(text: string): void
      setComment(text: string): void
      setCDATA(text: string): void
      setDocType(text: string): void
    }
    /** At most 100,000 characters. Errors: 401, 10200062 to 10200064. */
    class XmlDynamicSerializer {
      constructor(encoding?: string)
      getOutput(): ArrayBuffer
      setDeclaration(): void
      setNamespace(prefix: string, namespace: string): void
      startElement(name: string): void
      setAttributes(name: string, value: string): void
      addEmptyElement(name: string): void
      endElement(): void
      setText(text: string): void
      setComment(text: string): void
      setCDATA(text: string): void
      setDocType(text: string): void
    }
    enum EventType {
      START_DOCUMENT = 0,
      END_DOCUMENT = 1,
      START_TAG = 2,
      END_TAG = 3,
      TEXT = 4,
      CDSECT = 5,
      COMMENT = 6,
      DOCDECL = 7,
      INSTRUCTION = 8,
      /** Never: references are resolved. */
      ENTITY_REFERENCE = 9,
      WHITESPACE = 10,
    }
    interface ParseInfo {
      /** Behind the piece, from 1. */
      getColumnNumber(): number
      getDepth(): number
      getLineNumber(): number
      getName(): string
      getNamespace(): string
      getPrefix(): string
      getText(): string
      isEmptyElementTag(): boolean
      isWhitespace(): boolean
      getAttributeCount(): number
    }
    type AttributeWithTagCb = (tagName: string, key: string, value: string) => boolean
    /** Functions that answer false end the parsing. */
    interface ParseOptions {
      supportDoctype?: boolean
      ignoreNameSpace?: boolean
      tagValueCallbackFunction?: (name: string, value: string) => boolean
      attributeValueCallbackFunction?: (name: string, value: string) => boolean
      attributeWithTagCallbackFunction?: AttributeWithTagCb
      tokenValueCallbackFunction?: (eventType: EventType, value: ParseInfo) => boolean
    }
    class XmlPullParser {
      constructor(buffer: ArrayBuffer | DataView, encoding?: string)
      parse(option: ParseOptions): void
      parseXml(option: ParseOptions): void
    }
  }
  export default xml
}

declare module '@ohos.convertxml' {
  /** Errors: 401, 10200002. */
  namespace convertxml {
    interface ConvertOptions {
      trim?: boolean
      ignoreDeclaration?: boolean
      ignoreInstruction?: boolean
      ignoreAttributes?: boolean
      ignoreComment?: boolean
      ignoreCDATA?: boolean
      ignoreDoctype?: boolean
      ignoreText?: boolean
      declarationKey?: string
      instructionKey?: string
      attributesKey?: string
      textKey?: string
      cdataKey?: string
      doctypeKey?: string
      commentKey?: string
      parentKey?: string
      typeKey?: string
      nameKey?: string
      elementsKey?: string
    }
    class ConvertXML {
      convertToJSObject(xml: string, options?: ConvertOptions): object
      fastConvertToJSObject(xml: string, options?: ConvertOptions): object
      convert(xml: string, options?: ConvertOptions): object
    }
  }
  export default convertxml
}

declare module '@kit.ArkTS' {
  import convertxml from '@ohos.convertxml'
  import xml from '@ohos.xml'
  export { convertxml, xml }
}
