import { textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'

/** General categories by their short names, and the device's constants for them. */
const categories: Readonly<Record<string, string>> = {
  Cn: 'U_UNASSIGNED',
  Lu: 'U_UPPERCASE_LETTER',
  Ll: 'U_LOWERCASE_LETTER',
  Lt: 'U_TITLECASE_LETTER',
  Lm: 'U_MODIFIER_LETTER',
  Lo: 'U_OTHER_LETTER',
  Mn: 'U_NON_SPACING_MARK',
  Me: 'U_ENCLOSING_MARK',
  Mc: 'U_COMBINING_SPACING_MARK',
  Nd: 'U_DECIMAL_DIGIT_NUMBER',
  Nl: 'U_LETTER_NUMBER',
  No: 'U_OTHER_NUMBER',
  Zs: 'U_SPACE_SEPARATOR',
  Zl: 'U_LINE_SEPARATOR',
  Zp: 'U_PARAGRAPH_SEPARATOR',
  Cc: 'U_CONTROL_CHAR',
  Cf: 'U_FORMAT_CHAR',
  Co: 'U_PRIVATE_USE_CHAR',
  Cs: 'U_SURROGATE',
  Pd: 'U_DASH_PUNCTUATION',
  Ps: 'U_START_PUNCTUATION',
  Pe: 'U_END_PUNCTUATION',
  Pc: 'U_CONNECTOR_PUNCTUATION',
  Po: 'U_OTHER_PUNCTUATION',
  Sm: 'U_MATH_SYMBOL',
  Sc: 'U_CURRENCY_SYMBOL',
  Sk: 'U_MODIFIER_SYMBOL',
  So: 'U_OTHER_SYMBOL',
  Pi: 'U_INITIAL_PUNCTUATION',
  Pf: 'U_FINAL_PUNCTUATION',
}

/** `i18n.Unicode`: what the first character of a text is. */
export function unicodeNamespace(): object {
  return provide('i18n.Unicode', {
    isDigit: is(/^\p{Nd}$/u),
    isSpaceChar: is(/^[\p{Zs}\p{Zl}\p{Zp}]$/u),
    isWhitespace: (char: unknown) => isWhitespace(firstOf(char)),
    isRTL: is(/^[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]$/u),
    isIdeograph: is(/^\p{Ideographic}$/u),
    isLetter: is(/^\p{L}$/u),
    isLowerCase: is(/^\p{Ll}$/u),
    isUpperCase: is(/^\p{Lu}$/u),
    getType: (char: unknown) => {
      const first = firstOf(char)
      const found = Object.entries(categories).find(([name]) => new RegExp(`^\\p{${name}}$`, 'u').test(first))
      return found?.[1] ?? ''
    },
  })
}

function is(pattern: RegExp): (char: unknown) => boolean {
  return (char) => pattern.test(firstOf(char))
}

/** Separators that a line may be broken at, and the control characters from tab to return and from FS to US. */
function isWhitespace(char: string): boolean {
  const code = char.codePointAt(0) ?? 0
  if ((code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f)) return true
  return /^(?!\u00a0|\u2007|\u202f)[\p{Zs}\p{Zl}\p{Zp}]$/u.test(char)
}

function firstOf(value: unknown): string {
  const [first = ''] = textParameter(value, 'char')
  return first
}
