/**
 * An open file that somebody owns: an `Fd`, whose `number` throws once it is closed, or in a worker thread the number of
 * a descriptor that the main thread keeps open.
 */
export interface Descriptor {
  readonly number: number
}
