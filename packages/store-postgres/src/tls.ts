import { readFileSync } from 'node:fs'
import { invalidConnectionString as invalid } from './invalid-options.ts'

/** What `pg` takes as `ssl`: `false` for none, else what TLS verifies with. */
export type Tls =
  | false
  | {
      readonly rejectUnauthorized: boolean
      readonly ca?: string
      readonly cert?: string
      readonly key?: string
      /** Takes a certificate of any name, where only who signed it is verified. */
      readonly checkServerIdentity?: () => undefined
    }

/** The parameters of a connection string that are read here. */
export const TLS_PARAMETERS = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'] as const

/** Whether a host is this machine: nothing is sent over a network, so nothing needs to be encrypted. */
export function isLocal(host: string): boolean {
  return host === '' || host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

/**
 * How to encrypt, at least as strictly as libpq would with the same parameters
 * (https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION): a certificate is verified whenever TLS
 * is used, except with `no-verify`, which says it. Without `sslmode`, and with `allow` and `prefer`, which libpq lets
 * fall back to plain text, connections to other machines are verified and those to this one are plain. `require` verifies,
 * as it does in `pg`; with `sslrootcert`, `verify-ca` takes any name.
 */
export function tlsOf(parameters: URLSearchParams, host: string): Tls {
  const mode = parameters.get('sslmode') ?? modeOfSsl(parameters.get('ssl')) ?? process.env['PGSSLMODE'] ?? 'prefer'
  switch (mode) {
    case 'disable':
      return false
    case 'allow':
    case 'prefer':
      return isLocal(host) && !parameters.has('sslrootcert') ? false : verified(parameters)
    case 'no-verify':
      return { ...verified(parameters), rejectUnauthorized: false }
    case 'verify-ca':
      return { ...verified(parameters), ...(hasOwnRoot(parameters) ? { checkServerIdentity: () => undefined } : {}) }
    case 'require':
    case 'verify-full':
      return verified(parameters)
    default:
      throw invalid(`has an sslmode that is none of disable, prefer, require, verify-ca, verify-full, no-verify`)
  }
}

/** The older way to say it, as `pg` knows it. */
function modeOfSsl(ssl: string | null): string | undefined {
  switch (ssl) {
    case null:
      return undefined
    case 'true':
    case '1':
      return 'verify-full'
    case 'false':
    case '0':
      return 'disable'
    default:
      return ssl
  }
}

function hasOwnRoot(parameters: URLSearchParams): boolean {
  const root = parameters.get('sslrootcert')
  return root !== null && root !== 'system'
}

function verified(parameters: URLSearchParams): Exclude<Tls, false> {
  const ca = hasOwnRoot(parameters) ? fileOf(parameters, 'sslrootcert') : undefined
  const cert = fileOf(parameters, 'sslcert')
  const key = fileOf(parameters, 'sslkey')
  return {
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

function fileOf(parameters: URLSearchParams, name: 'sslrootcert' | 'sslcert' | 'sslkey'): string | undefined {
  const path = parameters.get(name)
  if (path === null) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw invalid(`names a file in ${name} that cannot be read (${code})`)
  }
}
