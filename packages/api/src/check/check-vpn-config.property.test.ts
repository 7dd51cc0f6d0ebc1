import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validConfig } from '../../test/configs.ts'
import { failureOf } from '../../test/failure-of.ts'
import { changed, mutated, mutationsOf } from '../../test/mutations.ts'
import { checkVpnConfig, snapshotVpnConfig } from '../index.ts'

describe('checkVpnConfig on generated configs', () => {
  it('accepts the valid ones, and answers plain JSON', () => {
    fc.assert(
      fc.property(validConfig, (config) => {
        const checked = checkVpnConfig(config)
        expect(JSON.parse(JSON.stringify(checked))).toEqual(checked)
      }),
      { numRuns: 1000 },
    )
  })

  it('rejects 20,000 broken ones, each naming exactly the broken field', { timeout: 120_000 }, () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(validConfig, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (config, picks) => {
        const mutations = mutationsOf(config)
        for (const pick of picks) {
          const mutation = mutations[pick % mutations.length]
          if (mutation === undefined) throw new Error('no mutations')
          const failure = failureOf(() => checkVpnConfig(mutated(config, mutation)))
          expect(failure, `${mutation.path} = ${String(mutation.value)}`).toEqual({
            code: mutation.code,
            field: mutation.path,
          })
          const kind = mutation.path.replaceAll(/[0-9]+/g, 'N')
          seen.set(kind, (seen.get(kind) ?? 0) + 1)
        }
      }),
      { numRuns: 1000 },
    )
    // 8 lists and flags of the config, and what is inside addresses, routes and the four lists of texts.
    expect(seen.size).toBeGreaterThanOrEqual(35)
  })

  it('says 401 before 2200001, whatever the order of the fields', () => {
    fc.assert(
      fc.property(validConfig, fc.nat(), fc.nat(), (config, first, second) => {
        const mutations = mutationsOf(config)
        const shapes = mutations.filter(({ code }) => code === 401)
        const values = mutations.filter(({ code }) => code === 2200001)
        const shape = shapes[first % shapes.length]
        const value = values[second % values.length]
        if (shape === undefined || value === undefined) throw new Error('no mutations')
        const related = shape.path.startsWith(value.path) || value.path.startsWith(shape.path)
        fc.pre(!related)
        const broken = mutated(mutated(config, value), shape)
        expect(failureOf(() => checkVpnConfig(broken))).toEqual({ code: 401, field: shape.path })
      }),
      { numRuns: 2000 },
    )
  })

  it('finds the same in the JSON of the snapshot as in the original', () => {
    fc.assert(
      fc.property(validConfig, (config) => {
        const travelled: unknown = JSON.parse(JSON.stringify(snapshotVpnConfig(config)))
        expect(checkVpnConfig(travelled)).toEqual(checkVpnConfig(config))
      }),
    )
  })

  it('names the field when reading it throws', () => {
    fc.assert(
      fc.property(validConfig, fc.nat(), (config, pick) => {
        const paths = [...new Set(mutationsOf(config).map((mutation) => mutation.path))]
        const path = paths[pick % paths.length]
        if (path === undefined) throw new Error('no paths')
        const trapped = changed(config, path, (holder, key) => {
          Object.defineProperty(holder, key, {
            get() {
              throw new Error('trap')
            },
          })
        })
        expect(failureOf(() => checkVpnConfig(trapped))).toEqual({ code: 401, field: path })
      }),
      { numRuns: 1000 },
    )
  })
})
