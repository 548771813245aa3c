import { invalidConnectionString as invalid } from './invalid-options.ts'
import { isLocal, tlsOf, TLS_PARAMETERS, type Tls } from './tls.ts'

/** What a connection string says, ready for `pg`. */
export type Target = {
  /** Without what it says about TLS, which `pg` would read its own way. */
  readonly connectionString: string
  readonly ssl: Tls
  /** For messages: host and database, nothing secret. */
  readonly name: string
}

/** Reads a connection string. Throws `input-invalid`, in words that repeat nothing of it: it may hold a password. */
export function parseConnectionString(text: string): Target {
  const url = parse(text)
  const host = url.searchParams.get('host') ?? (unescaped(url.hostname) || (process.env['PGHOST'] ?? ''))
  const database = unescaped(url.pathname.slice(1)) || (process.env['PGDATABASE'] ?? '')
  const ssl = tlsOf(url.searchParams, host)
  for (const parameter of TLS_PARAMETERS) url.searchParams.delete(parameter)
  const place = isLocal(host) && !host.startsWith('/') ? host || 'localhost' : host
  return { connectionString: url.href, ssl, name: `postgres:${[place, database].filter(Boolean).join('/')}` }
}

function parse(text: string): URL {
  if (!/^postgres(ql)?:\/\//.test(text)) throw invalid('does not begin with postgres:// or postgresql://')
  const url = URL.parse(text)
  // An @, / or # of a password that is not escaped ends up in the wrong part, from where it would be told as a name.
  const misplaced = url !== null && (url.hash !== '' || /[/@:]/.test(url.pathname.slice(1)) || url.search.includes('@'))
  if (url === null || misplaced)
    throw invalid('is no URL: in a password, characters that mean something in one are written as %40 (@), %2F (/)…')
  return url
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replace(/^\[(.+)\]$/, '$1'))
  } catch {
    throw invalid('has a % that begins no escape')
  }
}
