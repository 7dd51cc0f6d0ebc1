import { ECDH } from 'node:crypto'

import { objectParameter, parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { asyKeySpecType } from './asy-key-spec.ts'
import { unknownAlgorithm } from './crypto-error.ts'
import { type Curve, curveTold } from './curves.ts'
import { bigEndian, numberOf } from './der.ts'

/** `cryptoFramework.ECCKeyUtil`. */
export function eccKeyUtil(): object {
  return provide('cryptoFramework.ECCKeyUtil', {
    genECCCommonParamsSpec(curveName: unknown): object {
      const curve = curveParameter(curveName)
      return {
        algName: 'ECC',
        specType: asyKeySpecType.COMMON_PARAMS_SPEC,
        field: { fieldType: 'Fp', p: curve.p },
        a: curve.a,
        b: curve.b,
        g: { x: curve.gx, y: curve.gy },
        n: curve.n,
        h: curve.h,
      }
    },

    /** @param encoded `04 x y`, `02 x` or `03 x` (SEC 1, 2.3.3) */
    convertPoint(curveName: unknown, encoded: unknown): { x: bigint; y: bigint } {
      const curve = curveParameter(curveName)
      if (!(encoded instanceof Uint8Array)) throw parameterError('encodedPoint', 'is not a Uint8Array')
      const point = converted(encoded, curve, 'uncompressed')
      return {
        x: numberOf(point.subarray(1, 1 + curve.bytes)),
        y: numberOf(point.subarray(1 + curve.bytes)),
      }
    },

    /** @param format `COMPRESSED` or `UNCOMPRESSED` */
    getEncodedPoint(curveName: unknown, point: unknown, format: unknown): Uint8Array {
      const curve = curveParameter(curveName)
      const object = objectParameter(point, 'point')
      const way = textParameter(format, 'format')
      if (way !== 'COMPRESSED' && way !== 'UNCOMPRESSED')
        throw parameterError('format', 'is neither COMPRESSED nor UNCOMPRESSED')
      const coordinates = (['x', 'y'] as const).map((name) => {
        const value: unknown = Reflect.get(object, name)
        if (typeof value !== 'bigint' || value < 0n || value >= curve.p)
          throw parameterError(`point.${name}`, 'is not a bigint of the field')
        return bigEndian(value, curve.bytes)
      })
      const plain = Buffer.concat([Buffer.from([4]), ...coordinates])
      return new Uint8Array(converted(plain, curve, way === 'COMPRESSED' ? 'compressed' : 'uncompressed'))
    },
  })
}

/** @throws BusinessError 401 for what is no point of the curve */
function converted(point: Uint8Array, curve: Curve, way: 'compressed' | 'uncompressed'): Buffer {
  try {
    return Buffer.from(ECDH.convertKey(point, curve.name, undefined, 'hex', way).toString(), 'hex')
  } catch {
    throw parameterError('point', `is not a point of ${curve.told}`)
  }
}

function curveParameter(value: unknown): Curve {
  const name = textParameter(value, 'curveName')
  const curve = curveTold(name)
  if (curve === undefined) throw unknownAlgorithm(name)
  return curve
}
