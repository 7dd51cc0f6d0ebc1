declare module '@ohos.file.fs' {
  import type { AsyncCallback } from '@ohos.base'
  import stream from '@ohos.util.stream'

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
    enum AccessFlagType {
      LOCAL = 0,
    }
    enum LocationType {
      LOCAL = 1,
      CLOUD = 2,
    }
    enum WhenceType {
      SEEK_SET = 0,
      SEEK_CUR = 1,
      SEEK_END = 2,
    }
    interface File {
      readonly fd: number
      readonly path: string
      readonly name: string
      getParent(): string
      /** Waits until nobody else holds a lock. Shared unless `exclusive`. */
      lock(exclusive?: boolean): Promise<void>
      lock(callback: AsyncCallback<void>): void
      lock(exclusive: boolean, callback: AsyncCallback<void>): void
      /** 13900010 while somebody else holds it. */
      tryLock(exclusive?: boolean): void
      unlock(): void
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
      /** Nanoseconds. */
      readonly atimeNs?: bigint
      readonly mtimeNs?: bigint
      readonly ctimeNs?: bigint
      /** LOCAL. */
      readonly location: LocationType
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
      filter?: Filter
    }
    interface Filter {
      suffix?: string[]
      /** With `*` for any text. */
      displayName?: string[]
      /** Bytes. */
      fileSizeOver?: number
      /** Seconds since 1970. */
      lastModifiedAfter?: number
    }
    interface ReaderIterator {
      next(): ReaderIteratorResult
    }
    /** A line with its end. */
    interface ReaderIteratorResult {
      done: boolean
      value: string
    }
    /** Two files that stand in each other's way; `data` of an error 13900015 is a list of them. */
    interface ConflictFiles {
      srcFile: string
      destFile: string
    }
    interface Stream {
      read(buffer: ArrayBufferLike, options?: TransferOptions): Promise<number>
      read(buffer: ArrayBufferLike, callback: AsyncCallback<number>): void
      read(buffer: ArrayBufferLike, options: TransferOptions, callback: AsyncCallback<number>): void
      readSync(buffer: ArrayBufferLike, options?: TransferOptions): number
      write(buffer: ArrayBufferLike | string, options?: WriteOptions): Promise<number>
      write(buffer: ArrayBufferLike | string, callback: AsyncCallback<number>): void
      write(buffer: ArrayBufferLike | string, options: WriteOptions, callback: AsyncCallback<number>): void
      writeSync(buffer: ArrayBufferLike | string, options?: WriteOptions): number
      flush(): Promise<void>
      flush(callback: AsyncCallback<void>): void
      flushSync(): void
      close(): Promise<void>
      close(callback: AsyncCallback<void>): void
      closeSync(): void
    }
    interface RandomAccessOptions {
      /** Bytes; the part of the file that is shown. */
      start?: number
      end?: number
    }
    /** Offsets are counted from `filePointer`. */
    interface RandomAccessFile {
      readonly fd: number
      readonly filePointer: number
      setFilePointer(filePointer: number): void
      read(buffer: ArrayBufferLike, options?: TransferOptions): Promise<number>
      read(buffer: ArrayBufferLike, callback: AsyncCallback<number>): void
      read(buffer: ArrayBufferLike, options: TransferOptions, callback: AsyncCallback<number>): void
      readSync(buffer: ArrayBufferLike, options?: TransferOptions): number
      write(buffer: ArrayBufferLike | string, options?: WriteOptions): Promise<number>
      write(buffer: ArrayBufferLike | string, callback: AsyncCallback<number>): void
      write(buffer: ArrayBufferLike | string, options: WriteOptions, callback: AsyncCallback<number>): void
      writeSync(buffer: ArrayBufferLike | string, options?: WriteOptions): number
      /** Of the part that is shown, from its start; it lives on without the file. */
      getReadStream(): ReadStream
      getWriteStream(): WriteStream
      close(): void
    }
    interface WatchEvent {
      readonly fileName: string
      /** IN_* of inotify. */
      readonly event: number
      readonly cookie: number
    }
    type WatchEventListener = (event: WatchEvent) => void
    interface Watcher {
      start(): void
      stop(): void
    }

    /** Whether the file exists and may be used so. */
    function access(path: string, mode?: AccessModeType): Promise<boolean>
    function access(path: string, callback: AsyncCallback<boolean>): void
    function access(path: string, mode: AccessModeType, callback: AsyncCallback<boolean>): void
    function accessSync(path: string, mode?: AccessModeType): boolean
    function close(file: number | File): Promise<void>
    function close(file: number | File, callback: AsyncCallback<void>): void
    function closeSync(file: number | File): void
    interface Progress {
      /** Bytes. */
      readonly processedSize: number
      readonly totalSize: number
    }
    interface CopyOptions {
      /** Hears of every part that is copied. */
      progressListener?: ProgressListener
      copySignal?: TaskSignal
    }
    type ProgressListener = (progress: Progress) => void
    /** Ends a copy early, which then fails 13900004. */
    class TaskSignal {
      cancel(): void
      /** The file that was being copied. */
      onCancel(): Promise<string>
    }
    interface ReadStreamOptions {
      /** Bytes; `end` is the place of the last one. */
      start?: number
      end?: number
    }
    interface WriteStreamOptions {
      /** Flags of OpenMode; a new or emptied file when absent. */
      mode?: number
      /** Bytes. */
      start?: number
    }
    class ReadStream extends stream.Readable {
      constructor(path: string, options?: ReadStreamOptions)
      readonly bytesRead: number
      readonly path: string
      seek(offset: number, whence?: WhenceType): number
      close(): void
    }
    class WriteStream extends stream.Writable {
      constructor(path: string, options?: WriteStreamOptions)
      readonly bytesWritten: number
      readonly path: string
      seek(offset: number, whence?: WhenceType): number
      close(): void
    }
    /** A file that is replaced as a whole: whoever reads finds the old content or the new. */
    class AtomicFile {
      constructor(path: string)
      /** Open for reading; the caller closes it. */
      getBaseFile(): File
      openRead(): ReadStream
      readFully(): ArrayBuffer
      startWrite(): WriteStream
      finishWrite(): void
      failWrite(): void
      delete(): void
    }
    /** A file or a folder, by URI or path; what is there is replaced. */
    function copy(srcUri: string, destUri: string, options?: CopyOptions): Promise<void>
    function copy(srcUri: string, destUri: string, callback: AsyncCallback<void>): void
    function copy(srcUri: string, destUri: string, options: CopyOptions, callback: AsyncCallback<void>): void
    /** Into the folder `dest`; `mode` 0: 13900015 for files that are there, 1: replaces them. */
    function copyDir(src: string, dest: string, mode?: number): Promise<void>
    function copyDir(src: string, dest: string, callback: AsyncCallback<void, Array<ConflictFiles>>): void
    function copyDirSync(src: string, dest: string, mode?: number): void
    /** Replaces `dest`. */
    function copyFile(src: string | number, dest: string | number, mode?: number): Promise<void>
    function copyFile(src: string | number, dest: string | number, callback: AsyncCallback<void>): void
    function copyFileSync(src: string | number, dest: string | number, mode?: number): void
    function createReadStream(path: string, options?: ReadStreamOptions): ReadStream
    function createWriteStream(path: string, options?: WriteStreamOptions): WriteStream
    function createRandomAccessFile(
      file: string | File,
      mode?: number,
      options?: RandomAccessOptions,
    ): Promise<RandomAccessFile>
    function createRandomAccessFile(file: string | File, callback: AsyncCallback<RandomAccessFile>): void
    function createRandomAccessFileSync(
      file: string | File,
      mode?: number,
      options?: RandomAccessOptions,
    ): RandomAccessFile
    /** `mode`: `r`, `r+`, `w`, `w+`, `a` or `a+`. */
    function createStream(path: string, mode: string): Promise<Stream>
    function createStream(path: string, mode: string, callback: AsyncCallback<Stream>): void
    function createStreamSync(path: string, mode: string): Stream
    /** `events`: IN_* of inotify. It begins with `start`. */
    function createWatcher(path: string, events: number, listener: WatchEventListener): Watcher
    function dup(fd: number): File
    function fdopenStream(fd: number, mode: string): Promise<Stream>
    function fdopenStream(fd: number, mode: string, callback: AsyncCallback<Stream>): void
    function fdopenStreamSync(fd: number, mode: string): Stream
    function fdatasync(fd: number): Promise<void>
    function fdatasync(fd: number, callback: AsyncCallback<void>): void
    function fdatasyncSync(fd: number): void
    function fsync(fd: number): Promise<void>
    function fsync(fd: number, callback: AsyncCallback<void>): void
    function fsyncSync(fd: number): void
    /** A text beside the content; 13900037 when there is none of the name. */
    function getxattr(path: string, key: string): Promise<string>
    function getxattrSync(path: string, key: string): string
    /** `key` begins with `user.`, at most 255 bytes. */
    function setxattr(path: string, key: string, value: string): Promise<void>
    function setxattrSync(path: string, key: string, value: string): void
    /** Sorted names; with `recursion`, paths from the folder, of files only. */
    function listFile(path: string, options?: ListFileOptions): Promise<string[]>
    function listFile(path: string, callback: AsyncCallback<string[]>): void
    function listFile(path: string, options: ListFileOptions, callback: AsyncCallback<string[]>): void
    function listFileSync(path: string, options?: ListFileOptions): string[]
    /** Of a symbolic link itself. */
    function lstat(path: string): Promise<Stat>
    function lstat(path: string, callback: AsyncCallback<Stat>): void
    function lstatSync(path: string): Stat
    /** The new position, in bytes. */
    function lseek(fd: number, offset: number, whence?: WhenceType): number
    /** A folder that exists is 13900015. */
    function mkdir(path: string, recursion?: boolean): Promise<void>
    function mkdir(path: string, callback: AsyncCallback<void>): void
    function mkdir(path: string, recursion: boolean, callback: AsyncCallback<void>): void
    function mkdirSync(path: string, recursion?: boolean): void
    /** `prefix` ends in `XXXXXX`. */
    function mkdtemp(prefix: string): Promise<string>
    function mkdtemp(prefix: string, callback: AsyncCallback<string>): void
    function mkdtempSync(prefix: string): string
    /** Into the folder `dest`; `mode` 0: 13900032 unless the folder there is empty, 1: 13900015, 2 and 3: replace. */
    function moveDir(src: string, dest: string, mode?: number): Promise<void>
    function moveDir(src: string, dest: string, callback: AsyncCallback<void, Array<ConflictFiles>>): void
    function moveDirSync(src: string, dest: string, mode?: number): void
    /** `mode` 0: replaces, 1: 13900015. */
    function moveFile(src: string, dest: string, mode?: number): Promise<void>
    function moveFile(src: string, dest: string, callback: AsyncCallback<void>): void
    function moveFileSync(src: string, dest: string, mode?: number): void
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
    function readLines(filePath: string, options?: { encoding?: 'utf-8' }): Promise<ReaderIterator>
    function readLines(filePath: string, callback: AsyncCallback<ReaderIterator>): void
    function readLinesSync(filePath: string, options?: { encoding?: 'utf-8' }): ReaderIterator
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
    function symlink(target: string, srcPath: string): Promise<void>
    function symlink(target: string, srcPath: string, callback: AsyncCallback<void>): void
    function symlinkSync(target: string, srcPath: string): void
    /** `len` in bytes, 0 when absent. */
    function truncate(file: string | number, len?: number): Promise<void>
    function truncate(file: string | number, callback: AsyncCallback<void>): void
    function truncate(file: string | number, len: number, callback: AsyncCallback<void>): void
    function truncateSync(file: string | number, len?: number): void
    function unlink(path: string): Promise<void>
    function unlink(path: string, callback: AsyncCallback<void>): void
    function unlinkSync(path: string): void
    /** `mtime`: milliseconds since 1970. */
    function utimes(path: string, mtime: number): void
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
  export type CopyOptions = fileIo.CopyOptions
  export type Filter = fileIo.Filter
  export type ListFileOptions = fileIo.ListFileOptions
  export type Progress = fileIo.Progress
  export type ProgressListener = fileIo.ProgressListener
  export type ReadOptions = fileIo.TransferOptions
  export type ReadTextOptions = fileIo.ReadTextOptions
  export type ReaderIteratorResult = fileIo.ReaderIteratorResult
  export type TaskSignal = fileIo.TaskSignal
  export type WatchEvent = fileIo.WatchEvent
  export type WatchEventListener = fileIo.WatchEventListener
  export type Watcher = fileIo.Watcher
  export type WriteOptions = fileIo.WriteOptions
  export default fileIo
}

declare module '@kit.CoreFileKit' {
  import fileIo from '@ohos.file.fs'
  export { fileIo }
  export type {
    CopyOptions,
    Filter,
    ListFileOptions,
    Progress,
    ProgressListener,
    ReadOptions,
    ReadTextOptions,
    ReaderIteratorResult,
    TaskSignal,
    WatchEvent,
    WatchEventListener,
    Watcher,
    WriteOptions,
  } from '@ohos.file.fs'
}
