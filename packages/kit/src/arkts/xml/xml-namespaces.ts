import { provide } from '../../provided.ts'
import { ConvertXML } from './convert-xml.ts'
import { XmlPullParser, eventType } from './xml-parser.ts'
import { XmlDynamicSerializer, XmlSerializer } from './xml-serializers.ts'

/** `xml` of `@kit.ArkTS`: documents are written and read. */
export function xmlNamespace(): object {
  return provide('xml', {
    XmlSerializer,
    XmlDynamicSerializer,
    XmlPullParser,
    EventType: provide('xml.EventType', eventType),
  })
}

/** `convertxml` of `@kit.ArkTS`. */
export function convertXmlNamespace(): object {
  return provide('convertxml', { ConvertXML })
}
