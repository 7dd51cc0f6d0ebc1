import { declareChecked } from './libc.ts'

/** mmap(2), anywhere. @returns the address @throws SystemError */
export const mapMemory: (
  address: null,
  length: number,
  protection: number,
  flags: number,
  fd: number,
  offset: number,
) => number = declareChecked<
  [address: null, length: number, protection: number, flags: number, fd: number, offset: number]
>('intptr_t mmap(void *, size_t, int, int, int, long)')

/** mprotect(2). @throws SystemError, EACCES or EPERM where a policy forbids it */
export const protectMemory: (address: number, length: number, protection: number) => number = declareChecked<
  [address: number, length: number, protection: number]
>('int mprotect(intptr_t, size_t, int)')

/** munmap(2). @throws SystemError */
export const unmapMemory: (address: number, length: number) => number = declareChecked<
  [address: number, length: number]
>('int munmap(intptr_t, size_t)')

export const PROT_READ = 1
export const PROT_WRITE = 2
export const PROT_EXEC = 4
export const MAP_SHARED = 1
export const MAP_PRIVATE = 2
export const MAP_ANONYMOUS = 0x20
