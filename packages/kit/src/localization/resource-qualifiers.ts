import { deviceName, screenDensity } from './screen.ts'

/** What the name of a resource folder wants; absent: nothing of the kind. */
interface Qualifiers {
  readonly network?: string
  readonly language?: string
  readonly script?: string
  readonly region?: string
  readonly orientation?: string
  readonly device?: string
  readonly color?: string
  /** Dots per inch. */
  readonly density?: number
}

/** `resourceManager.ScreenDensity` by the names of folders. */
const densities: Readonly<Record<string, number>> = {
  sdpi: 120,
  mdpi: 160,
  ldpi: 240,
  xldpi: 320,
  xxldpi: 480,
  xxxldpi: 640,
}

/** Parts of a name in their order (resource-categories-and-access of the HarmonyOS documents); each may be missing. */
const pattern = new RegExp(
  `^${[
    String.raw`(?<network>mcc\d{3}(?:_mnc\d{2,3})?)`,
    // `tv` and `car` are kinds of devices and no languages.
    String.raw`(?!(?:tv|car)(?:-|$))(?<language>[a-z]{2,3})(?:_(?<script>[A-Z][a-z]{3}))?(?:_(?<region>[A-Z]{2,3}|\d{3}))?`,
    '(?<orientation>vertical|horizontal)',
    '(?<device>phone|tablet|car|tv|wearable|2in1|default)',
    '(?<color>dark|light)',
    `(?<density>${Object.keys(densities).join('|')})`,
  ]
    .map((part) => `(?:${part}(?:-(?=.)|$))?`)
    .join('')}$`,
)

/** @returns undefined for a name that is none of a folder with qualifiers */
function readQualifiers(name: string): Qualifiers | undefined {
  const groups = name === '' ? undefined : pattern.exec(name)?.groups
  if (groups === undefined) return undefined
  const { density, ...rest } = groups
  return { ...rest, ...(density !== undefined && { density: densities[density] ?? 0 }) }
}

/**
 * Of the folders there are, those that apply to a computer with a light screen, the best one last: `base` first; a language counts for more than an
 * orientation, that for more than a kind of device, a color mode, a density. No network has a code here.
 *
 * @param names e.g. `base`, `de_AT`, `zh_Hant_HK-dark`
 */
export function foldersFor(names: readonly string[], locale: Intl.Locale): string[] {
  const ranked = names.flatMap((name) => {
    const rank = name === 'base' ? [] : rankOf(readQualifiers(name), locale)
    return rank === undefined ? [] : [{ name, rank }]
  })
  return ranked.toSorted((one, other) => compare(one.rank, other.rank)).map(({ name }) => name)
}

/** @returns the languages of folders that may apply, e.g. `zh-Hant-HK`, sorted */
export function languagesOf(names: readonly string[]): string[] {
  const found = names.flatMap((name) => {
    const { network, language, script, region } = readQualifiers(name) ?? {}
    return language === undefined || network !== undefined
      ? []
      : [language, script, region].filter((part) => part !== undefined).join('-')
  })
  return [...new Set(found)].toSorted()
}

/** How well a folder fits, the weightiest first; undefined: not at all. */
function rankOf(wanted: Qualifiers | undefined, locale: Intl.Locale): number[] | undefined {
  if (wanted === undefined || wanted.network !== undefined) return undefined
  const { language, script, region, orientation, device, color, density } = wanted
  const likely = locale.maximize()
  const fits =
    [undefined, locale.language].includes(language) &&
    [undefined, likely.script].includes(script) &&
    [undefined, locale.region].includes(region) &&
    [undefined, 'horizontal'].includes(orientation) &&
    [undefined, deviceName].includes(device) &&
    [undefined, 'light'].includes(color)
  if (!fits) return undefined
  return [
    given(language) + given(script) + 2 * given(region),
    given(orientation),
    given(device),
    given(color),
    density === undefined ? 0 : 1 / (1 + Math.abs(density - screenDensity)),
  ]
}

function given(value: unknown): number {
  return value === undefined ? 0 : 1
}

function compare(one: readonly number[], other: readonly number[]): number {
  const length = Math.max(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}
