/**
 * The value of a header that tells who asks (RFC 7617).
 *
 * @param credentials name and password with a colon between, in UTF-8
 */
export function basicAuthentication(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}
