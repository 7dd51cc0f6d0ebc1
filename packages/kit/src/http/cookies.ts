/**
 * Cookies of an answer in the lines of Netscape's file, as the device (curl) tells them: domain, whether its subdomains count, path, whether TLS alone,
 * seconds since 1970 until which they live (0: until the process ends), name and value, with tabs between.
 *
 * @param lines of `set-cookie`; RFC 6265, section 5.2
 * @param now milliseconds since 1970
 */
export function cookieLines(lines: readonly string[], url: URL, now: number): string {
  return lines.flatMap((line) => cookieLine(line, url, now) ?? []).join('\r\n')
}

function cookieLine(line: string, url: URL, now: number): string | undefined {
  const [pair = '', ...rest] = line.split(';')
  const at = pair.indexOf('=')
  if (at < 1) return undefined
  const attributes = new Map(
    rest.map((part): [string, string] => {
      const [name = '', ...value] = part.split('=')
      return [name.trim().toLowerCase(), value.join('=').trim()]
    }),
  )
  const domain = attributes.get('domain')?.replace(/^\./, '') ?? ''
  const path = attributes.get('path')
  return [
    `${attributes.has('httponly') ? '#HttpOnly_' : ''}${domain === '' ? url.hostname : `.${domain}`}`,
    domain === '' ? 'FALSE' : 'TRUE',
    path?.startsWith('/') === true ? path : url.pathname.replace(/\/[^/]*$/, '') || '/',
    attributes.has('secure') ? 'TRUE' : 'FALSE',
    String(endOf(attributes, now)),
    pair.slice(0, at).trim(),
    pair.slice(at + 1).trim(),
  ].join('\t')
}

function endOf(attributes: ReadonlyMap<string, string>, now: number): number {
  const age = Number.parseInt(attributes.get('max-age') ?? '', 10)
  if (!Number.isNaN(age)) return Math.max(0, Math.floor(now / 1000) + age)
  const date = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(date) ? 0 : Math.max(0, Math.floor(date / 1000))
}
