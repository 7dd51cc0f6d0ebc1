/**
 * Every bound on what a program may hand in. Counts are entries; the numbers of the API document and its later versions
 * are subsets (1024 routes, 64 addresses, 64 applications). Above a bound: 2200001, except where noted.
 */
export const limits = {
  addresses: 2000,
  routes: 10_000,
  /** Each of `trustedApplications` and `blockedApplications`. */
  applications: 256,
  dnsServers: 64,
  searchDomains: 64,
  /** Bytes. RFC 791: every host must accept 576. */
  mtuMin: 576,
  /** Bytes. RFC 8200 section 5: the least IPv6 works with. */
  mtuMinIPv6: 1280,
  mtuDefault: 1500,
  mtuMax: 65_535,
  port: 65_535,
  /** UTF-16 units of a vpnId; `generateVpnId()` makes 36. */
  vpnIdLength: 128,
  /** UTF-16 units of a bundle name; HarmonyOS allows 128. */
  bundleNameLength: 128,
  /** Characters of a domain name without its trailing dot, RFC 1035 section 2.3.4. */
  domainLength: 253,
  domainLabelLength: 63,
  /** UTF-16 units of each text of a Want; above: 401. */
  wantTextLength: 4096,
  wantEntities: 64,
  /** Objects, arrays and plain values of `want.parameters` together; above: 401. */
  wantParameterValues: 10_000,
  /** Nesting of `want.parameters`; above: 401. */
  wantParameterDepth: 32,
  /** UTF-16 units of all keys and texts of `want.parameters` together; above: 401. */
  wantParameterCharacters: 1_048_576,
  /** Descriptors that `want.parameters` may carry; above: 401. As many as a message of `rpc`. */
  wantDescriptors: 16,
  /** Highest file descriptor number, int32. */
  socketFd: 2_147_483_647,
} as const
