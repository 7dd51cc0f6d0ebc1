/** `fileIo.OpenMode`: the flags of open(2) on the device, which are those of Linux on 64-bit ARM and x86. */
export const openMode = {
  READ_ONLY: 0o0,
  WRITE_ONLY: 0o1,
  READ_WRITE: 0o2,
  CREATE: 0o100,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  DIR: 0o200000,
  NOFOLLOW: 0o400000,
  SYNC: 0o4010000,
} as const

/** Every flag of {@link openMode}; others are refused. */
export const openModeMask: number = Object.values(openMode).reduce<number>((all, flag) => all | flag, 0)

/** `fileIo.AccessModeType`. */
export const accessModeType = { EXIST: 0, WRITE: 2, READ: 4, READ_WRITE: 6 } as const

/** `fileIo.WhenceType`: from where `lseek` counts. */
export const whenceType = { SEEK_SET: 0, SEEK_CUR: 1, SEEK_END: 2 } as const

/** `fileIo.AccessFlagType`, of `access`: here, or anywhere there is a copy. */
export const accessFlagType = { LOCAL: 0 } as const

/** `fileIo.LocationType`: where the bytes are. */
export const locationType = { LOCAL: 1, CLOUD: 2 } as const
