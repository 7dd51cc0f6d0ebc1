import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publicationBytes } from './publication-bytes.ts'

const publication = fc.record(
  {
    event: fc.string({ unit: 'binary' }),
    bundleName: fc.string(),
    code: fc.maxSafeInteger(),
    data: fc.string({ unit: 'binary', maxLength: 2000 }),
    subscriberPermissions: fc.array(fc.string(), { maxLength: 3 }),
    ordered: fc.boolean(),
    sticky: fc.boolean(),
    parameters: fc.dictionary(fc.string(), fc.string()),
  },
  { requiredKeys: ['event', 'subscriberPermissions', 'ordered', 'sticky'] },
)

test('a size is never too small, and exact above 4 KiB', () => {
  fc.assert(
    fc.property(publication, (one) => {
      const exact = Buffer.byteLength(JSON.stringify(one))
      const size = publicationBytes(one)
      expect(size).toBeGreaterThanOrEqual(exact)
      if (size > 4096) expect(size).toBe(exact)
    }),
  )
})
