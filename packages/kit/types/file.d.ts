declare module '@ohos.file.fs' {
  import type { AsyncCallback } from '@ohos.base'

  /** Every call gives a promise, calls back, or waits (`…Sync`). Errors: 139000xx, for example 13900002: no such file. */
  namespace fileIo {
    /** Flags for `open`, to be combined with `|`. */
    namespace OpenMode {
      const READ_ONLY: number
      const WRITE_ONLY: number
      const READ_WRITE: number
      const CREATE: number
      const TRUNC: number
      const APPEND: number
      const NONBLOCK: number
      const DIR: number
      const NOFOLLOW: number
      const SYNC: number
    }
    enum AccessModeType {
      EXIST = 0,
      WRITE = 2,
      READ = 4,
      READ_WRITE = 6,
    }
    interface File {
      readonly fd: number
      readonly path: string
      readonly name: string
      getParent(): string
    }
    /** Times in seconds since 1970, size in bytes. */
    interface Stat {
      readonly ino: bigint
      readonly mode: number
      readonly uid: number
      readonly gid: number
      readonly size: number
      readonly atime: number
      readonly mtime: number
      readonly ctime: number
      isBlockDevice(): boolean
      isCharacterDevice(): boolean
      isDirectory(): boolean
      isFIFO(): boolean
      isFile(): boolean
      isSocket(): boolean
      isSymbolicLink(): boolean
    }
    interface TransferOptions {
      /** Place in the file, in bytes; the file's own position when absent. */
      offset?: number
      /** Bytes; the whole buffer when absent. */
      length?: number
    }
    interface WriteOptions extends TransferOptions {
      encoding?: 'utf-8'
    }
    interface ReadTextOptions {
      /** Bytes. */
      offset?: number
      /** Bytes. */
      length?: number
      encoding?: 'utf-8'
    }
    interface ListFileOptions {
      recursion?: boolean
      /** At most so many; 0: all. */
      listNum?: number
      filter?: { suffix?: string[] }
    }

    /** Whether the file exists and may be used so. */
    function access(path: string, mode?: AccessModeType): Promise<boolean>
    function access(path: string, callback: AsyncCallback<boolean>): void
    function access(path: string, mode: AccessModeType, callback: AsyncCallback<boolean>): void
    function accessSync(path: string, mode?: AccessModeType): boolean
    function close(file: number | File): Promise<void>
    function close(file: number | File, callback: AsyncCallback<void>): void
    function closeSync(file: number | File): void
    /** Replaces `dest`. */
    function copyFile(src: string, dest: string): Promise<void>
    function copyFile(src: string, dest: string, callback: AsyncCallback<void>): void
    function copyFileSync(src: string, dest: string): void
    function fdatasync(fd: number): Promise<void>
    function fdatasync(fd: number, callback: AsyncCallback<void>): void
    function fdatasyncSync(fd: number): void
    function fsync(fd: number): Promise<void>
    function fsync(fd: number, callback: AsyncCallback<void>): void
    function fsyncSync(fd: number): void
    /** Sorted names; with `recursion`, paths from the folder, of files only. */
    function listFile(path: string, options?: ListFileOptions): Promise<string[]>
    function listFile(path: string, callback: AsyncCallback<string[]>): void
    function listFile(path: string, options: ListFileOptions, callback: AsyncCallback<string[]>): void
    function listFileSync(path: string, options?: ListFileOptions): string[]
    /** Of a symbolic link itself. */
    function lstat(path: string): Promise<Stat>
    function lstat(path: string, callback: AsyncCallback<Stat>): void
    function lstatSync(path: string): Stat
    function mkdir(path: string, recursion?: boolean): Promise<void>
    function mkdir(path: string, callback: AsyncCallback<void>): void
    function mkdir(path: string, recursion: boolean, callback: AsyncCallback<void>): void
    function mkdirSync(path: string, recursion?: boolean): void
    /** `mode`: flags of OpenMode, READ_ONLY when absent. */
    function open(path: string, mode?: number): Promise<File>
    function open(path: string, callback: AsyncCallback<File>): void
    function open(path: string, mode: number, callback: AsyncCallback<File>): void
    function openSync(path: string, mode?: number): File
    /** Bytes read; 0 at the end. From a VPN: one packet; 13900010 when there is none and the VPN is not blocking. */
    function read(fd: number, buffer: ArrayBufferLike, options?: TransferOptions): Promise<number>
    function read(fd: number, buffer: ArrayBufferLike, callback: AsyncCallback<number>): void
    function read(
      fd: number,
      buffer: ArrayBufferLike,
      options: TransferOptions,
      callback: AsyncCallback<number>,
    ): void
    function readSync(fd: number, buffer: ArrayBufferLike, options?: TransferOptions): number
    /** UTF-8. */
    function readText(path: string, options?: ReadTextOptions): Promise<string>
    function readText(path: string, callback: AsyncCallback<string>): void
    function readText(path: string, options: ReadTextOptions, callback: AsyncCallback<string>): void
    function readTextSync(path: string, options?: ReadTextOptions): string
    function rename(oldPath: string, newPath: string): Promise<void>
    function rename(oldPath: string, newPath: string, callback: AsyncCallback<void>): void
    function renameSync(oldPath: string, newPath: string): void
    /** Removes the folder and all that is in it. */
    function rmdir(path: string): Promise<void>
    function rmdir(path: string, callback: AsyncCallback<void>): void
    function rmdirSync(path: string): void
    function stat(file: string | number): Promise<Stat>
    function stat(file: string | number, callback: AsyncCallback<Stat>): void
    function statSync(file: string | number): Stat
    /** `len` in bytes, 0 when absent. */
    function truncate(file: string | number, len?: number): Promise<void>
    function truncate(file: string | number, callback: AsyncCallback<void>): void
    function truncate(file: string | number, len: number, callback: AsyncCallback<void>): void
    function truncateSync(file: string | number, len?: number): void
    function unlink(path: string): Promise<void>
    function unlink(path: string, callback: AsyncCallback<void>): void
    function unlinkSync(path: string): void
    /** Bytes written. To a VPN: one packet. */
    function write(fd: number, buffer: ArrayBufferLike | string, options?: WriteOptions): Promise<number>
    function write(fd: number, buffer: ArrayBufferLike | string, callback: AsyncCallback<number>): void
    function write(
      fd: number,
      buffer: ArrayBufferLike | string,
      options: WriteOptions,
      callback: AsyncCallback<number>,
    ): void
    function writeSync(fd: number, buffer: ArrayBufferLike | string, options?: WriteOptions): number
  }
  export default fileIo
}

declare module '@kit.CoreFileKit' {
  import fileIo from '@ohos.file.fs'
  export { fileIo }
}
