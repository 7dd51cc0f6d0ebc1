import { type Codec, bool, byte, bytes, char, double, int, list, long, short, text } from './value-codecs.ts'

/** The values that `MessageSequence` has a `writeX` and a `readX` for, by their X. */
export const sequenceValues: Readonly<Record<string, Codec<unknown>>> = {
  Byte: erased(byte),
  Short: erased(short),
  Int: erased(int),
  Long: erased(long),
  Float: erased(double),
  Double: erased(double),
  Boolean: erased(bool),
  Char: erased(char),
  String: erased(text),
  ByteArray: erased(bytes),
  ShortArray: erased(list(short)),
  IntArray: erased(list(int)),
  LongArray: erased(list(long)),
  FloatArray: erased(list(double)),
  DoubleArray: erased(list(double)),
  BooleanArray: erased(list(bool)),
  CharArray: erased(list(char)),
  StringArray: erased(list(text)),
}

/** A codec whose values are what its own check gives. */
function erased<T>(codec: Codec<T>): Codec<unknown> {
  return {
    check: codec.check,
    write: (parcel, value) => codec.write(parcel, codec.check(value, 'val')),
    read: codec.read,
    least: codec.least,
  }
}
