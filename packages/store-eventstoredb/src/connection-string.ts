import { LedgerError } from '@infraledger/core/adapter'

/** What a connection string says. */
export type ConnectionSettings = {
  readonly hosts: readonly { readonly address: string; readonly port: number }[]
  /** Whether the first host is a DNS name of the whole cluster. */
  readonly discover: boolean
  readonly credentials: { readonly username: string; readonly password: string } | undefined
  readonly options: ConnectionOptions
}

/** The options of a connection string that mean something here. Times are in milliseconds, `gossipTimeout` in seconds. */
export type ConnectionOptions = {
  readonly tls?: boolean
  readonly tlsVerifyCert?: boolean
  readonly tlsCaFile?: string
  readonly userCertFile?: string
  readonly userKeyFile?: string
  readonly connectionName?: string
  readonly maxDiscoverAttempts?: number
  readonly discoveryInterval?: number
  readonly gossipTimeout?: number
  readonly keepAliveInterval?: number
  readonly keepAliveTimeout?: number
  readonly defaultDeadline?: number
}

type Kind = 'boolean' | 'number' | 'text' | 'ignored'

/**
 * The options that servers' documentation knows, by their names in small letters. Everything is asked of the leader,
 * and failures are always thrown, so two of them change nothing.
 */
const OPTIONS: Readonly<Record<string, readonly [name: keyof ConnectionOptions | 'discover' | 'none', kind: Kind]>> = {
  tls: ['tls', 'boolean'],
  tlsverifycert: ['tlsVerifyCert', 'boolean'],
  tlscafile: ['tlsCaFile', 'text'],
  usercertfile: ['userCertFile', 'text'],
  userkeyfile: ['userKeyFile', 'text'],
  connectionname: ['connectionName', 'text'],
  maxdiscoverattempts: ['maxDiscoverAttempts', 'number'],
  discoveryinterval: ['discoveryInterval', 'number'],
  gossiptimeout: ['gossipTimeout', 'number'],
  keepaliveinterval: ['keepAliveInterval', 'number'],
  keepalivetimeout: ['keepAliveTimeout', 'number'],
  defaultdeadline: ['defaultDeadline', 'number'],
  dnsdiscover: ['discover', 'boolean'],
  nodepreference: ['none', 'ignored'],
  throwonappendfailure: ['none', 'ignored'],
}

const SCHEMES = ['esdb', 'kurrentdb', 'kurrent', 'kdb']
const DEFAULT_PORT = 2113
const LAST_PORT = 65_535

/**
 * Reads a connection string. Ours and not the client's parser, because that one prints the whole string, password and
 * all, when it does not know an option. Throws `input-invalid`, which never quotes the string.
 */
export function parseConnectionString(text: string): ConnectionSettings {
  const [, scheme = '', discover, rest = ''] = /^([a-z]+)(\+discover)?:\/\/(.*)$/is.exec(text) ?? []
  if (!SCHEMES.includes(scheme.toLowerCase()))
    throw invalid('scheme', `is none of ${SCHEMES.map((name) => `${name}://`).join(', ')} (or with +discover)`)
  const question = rest.indexOf('?')
  const authority = question < 0 ? rest : rest.slice(0, question)
  const at = authority.lastIndexOf('@')
  const values = question < 0 ? {} : optionValues(rest.slice(question + 1))
  const { discover: discovering, ...options } = values
  return {
    hosts: hostsOf(authority.slice(at + 1)),
    discover: discover !== undefined || discovering === true,
    credentials: at < 0 ? undefined : credentialsOf(authority.slice(0, at)),
    options,
  }
}

function hostsOf(text: string): ConnectionSettings['hosts'] {
  return text
    .replace(/\/$/, '')
    .split(',')
    .map((host) => {
      const [, address, digits] = /^(\[[^\]]+\]|[^:[\]/@\s]+)(?::(\d+))?$/.exec(host.trim()) ?? []
      const port = digits === undefined ? DEFAULT_PORT : Number(digits)
      if (address === undefined || port > LAST_PORT || port === 0)
        throw invalid('hosts', 'are not host:port,host:port…')
      return { address, port }
    })
}

function credentialsOf(text: string): { username: string; password: string } {
  const colon = text.indexOf(':')
  if (colon < 1) throw invalid('credentials', 'are not user:password')
  return { username: decoded(text.slice(0, colon), 'user'), password: decoded(text.slice(colon + 1), 'password') }
}

function optionValues(text: string): ConnectionOptions & { readonly discover?: boolean } {
  const entries = text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', ...value] = pair.split('=')
      const [name, kind] = OPTIONS[key.toLowerCase().replaceAll(/[_-]/g, '')] ?? []
      if (name === undefined || kind === undefined) throw invalid('option', `${printable(key)} is not known`)
      return [name, optionValue(name, kind, decoded(value.join('='), name))] as const
    })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function optionValue(name: string, kind: Kind, text: string): string | number | boolean | undefined {
  switch (kind) {
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw invalid(name, 'is neither true nor false')
      return text === 'true'
    case 'number':
      if (!/^-?\d{1,9}$/.test(text)) throw invalid(name, 'is not a whole number')
      return Number(text)
    case 'text':
      if (text === '') throw invalid(name, 'is empty')
      return text
    case 'ignored':
      return undefined
  }
}

function decoded(text: string, path: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(path, 'is not percent-encoded')
  }
}

/** The name of an option may be quoted if it looks like one; else it is part of something that is not ours to print. */
const printable = (key: string): string => (/^[a-z_-]{1,40}$/i.test(key) ? `"${key}"` : 'of that name')

function invalid(path: string, problem: string): LedgerError<'input-invalid'> {
  return new LedgerError(
    'input-invalid',
    `The connection string is not valid: ${path} ${problem}. ` +
      'Write it as esdb://user:password@host:2113?tls=true, with a percent-encoded password.',
    { what: 'connection string', issues: [{ path, problem }] },
  )
}
