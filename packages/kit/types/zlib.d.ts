declare module '@ohos.zlib' {
  import type { AsyncCallback } from '@ohos.base'

  /** Zip archives. Errors: 401, 900001 (what is read), 900002 (what is written), 900003 (no zip, damaged, or leading outside). */
  namespace zlib {
    enum CompressLevel {
      COMPRESS_LEVEL_NO_COMPRESSION = 0,
      COMPRESS_LEVEL_BEST_SPEED = 1,
      COMPRESS_LEVEL_BEST_COMPRESSION = 9,
      COMPRESS_LEVEL_DEFAULT_COMPRESSION = -1,
    }
    enum CompressStrategy {
      COMPRESS_STRATEGY_DEFAULT_STRATEGY = 0,
      COMPRESS_STRATEGY_FILTERED = 1,
      COMPRESS_STRATEGY_HUFFMAN_ONLY = 2,
      COMPRESS_STRATEGY_RLE = 3,
      COMPRESS_STRATEGY_FIXED = 4,
    }
    enum MemLevel {
      MEM_LEVEL_MIN = 1,
      MEM_LEVEL_MAX = 9,
      MEM_LEVEL_DEFAULT = 8,
    }
    enum ParallelStrategy {
      PARALLEL_STRATEGY_SEQUENTIAL = 0,
      PARALLEL_STRATEGY_PARALLEL_DECOMPRESSION = 1,
    }
    enum PathSeparatorStrategy {
      PATH_SEPARATOR_STRATEGY_DEFAULT = 0,
      PATH_SEPARATOR_STRATEGY_REPLACE_BACKSLASH = 1,
    }
    enum ErrorCode {
      ERROR_CODE_OK = 0,
      ERROR_CODE_ERRNO = -1,
    }
    interface Options {
      level?: CompressLevel
      memLevel?: MemLevel
      strategy?: CompressStrategy
      /** Without effect, as the next one. */
      parallel?: ParallelStrategy
      pathSeparatorStrategy?: PathSeparatorStrategy
    }
    /** Of a folder, what is in it. */
    function compressFile(inFile: string, outFile: string, options: Options): Promise<void>
    function compressFile(
      inFile: string,
      outFile: string,
      options: Options,
      callback: AsyncCallback<void>,
    ): void
    function compressFiles(inFiles: string[], outFile: string, options: Options): Promise<void>
    /** @param outFile a folder that is there; files in it are replaced */
    function decompressFile(inFile: string, outFile: string, options?: Options): Promise<void>
    function decompressFile(inFile: string, outFile: string, callback: AsyncCallback<void>): void
    function decompressFile(
      inFile: string,
      outFile: string,
      options: Options,
      callback: AsyncCallback<void>,
    ): void
    /** The older name of `compressFile`. */
    function zipFile(inFile: string, outFile: string, options: Options): Promise<void>
    /** The older name of `decompressFile`. */
    function unzipFile(inFile: string, outFile: string, options: Options): Promise<void>
    /** Bytes. */
    function getOriginalSize(compressedFile: string): Promise<number>
    interface Checksum {
      /** @param adler of what came before; 1 when nothing did */
      adler32(adler: number, buf: ArrayBuffer): Promise<number>
      /** @param crc of what came before; 0 when nothing did */
      crc32(crc: number, buf: ArrayBuffer): Promise<number>
      getCrcTable(): Promise<number[]>
    }
    function createChecksum(): Promise<Checksum>
    function createChecksumSync(): Checksum
  }
  export default zlib
}

declare module '@kit.BasicServicesKit' {
  import zlib from '@ohos.zlib'
  export { zlib }
}
