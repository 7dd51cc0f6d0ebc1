/** Attributes of a case: what it tests, how long it takes, how much it matters. They are added with `|`. */
export const defaultAttribute = 0

/** Names of attributes, and their bits. */
export type Attributes = Readonly<Record<string, number>>

export const TestType: Attributes = {
  FUNCTION: 1,
  PERFORMANCE: 1 << 1,
  POWER: 1 << 2,
  RELIABILITY: 1 << 3,
  SECURITY: 1 << 4,
  GLOBAL: 1 << 5,
  COMPATIBILITY: 1 << 6,
  USER: 1 << 7,
  STANDARD: 1 << 8,
  SAFETY: 1 << 9,
  RESILIENCE: 1 << 10,
}

export const Size: Attributes = { SMALLTEST: 1 << 16, MEDIUMTEST: 1 << 17, LARGETEST: 1 << 18 }

export const Level: Attributes = {
  LEVEL0: 1 << 24,
  LEVEL1: 1 << 25,
  LEVEL2: 1 << 26,
  LEVEL3: 1 << 27,
  LEVEL4: 1 << 28,
}

/** The words of `-s testType`, `-s size` and `-s level`. */
export const attributeWords: Readonly<Record<'testType' | 'size' | 'level', ReadonlyMap<string, number>>> = {
  testType: new Map(Object.entries(TestType).map(([name, bit]) => [name.toLowerCase(), bit])),
  size: new Map(Object.entries(Size).map(([name, bit]) => [name.replace('TEST', '').toLowerCase(), bit])),
  level: new Map(Object.entries(Level).map(([name, bit]) => [name.replace('LEVEL', ''), bit])),
}
