import { isLedgerError } from '@infraledger/core/adapter'
import { describe, expect, test } from 'vitest'
import { parseConnectionString } from './connection-string.ts'

const SECRET = 'h@rd/to:guess'
const ENCODED = encodeURIComponent(SECRET)

describe('a connection string', () => {
  test.each([
    [`postgres://ada:${ENCODED}@db.example.com:5433/ledger?sslmode=require`, 'postgres:db.example.com/ledger'],
    [`postgresql://ada:${ENCODED}@localhost/ledger`, 'postgres:localhost/ledger'],
    [`postgresql://ada:${ENCODED}@[::1]/ledger`, 'postgres:::1/ledger'],
    ['postgresql:///ledger?host=/var/run/postgresql', 'postgres:/var/run/postgresql/ledger'],
  ])('STORE 32: %s has a name that holds nothing secret', (text, name) => {
    expect(parseConnectionString(text).name).toBe(name)
  })

  test.each([
    `postgres://ada:${SECRET}@db.example.com/ledger`,
    'postgres://ada:12#h@rd/to:guess@db.example.com/ledger',
    'postgres://ada:12?h@rd/to:guess@db.example.com/ledger',
    `postgres://ada:${ENCODED}@db.example.com/ledger?sslmode=sometimes`,
    `postgres://ada:${ENCODED}@db.example.com/ledger?sslrootcert=/nowhere/root.crt`,
    `postgres://ada:${ENCODED}@db.example.com/%zz`,
    `host=db.example.com password=${SECRET}`,
    `mysql://ada:${ENCODED}@db.example.com/ledger`,
    SECRET,
  ])('STORE 32: one that is none is refused in words that hold nothing of it', (text) => {
    const error = thrown(() => parseConnectionString(text))
    expect(isLedgerError(error, 'input-invalid')).toBe(true)
    const told = JSON.stringify([
      error,
      String(error),
      error instanceof Error && [error.message, error.stack, error.cause],
    ])
    expect(told).not.toContain(SECRET)
    expect(told).not.toContain(ENCODED)
  })
})

describe('encryption', () => {
  const verified = { rejectUnauthorized: true }
  test.each([
    ['db.example.com', '', verified],
    ['db.example.com', 'sslmode=prefer', verified],
    ['db.example.com', 'sslmode=allow', verified],
    ['db.example.com', 'sslmode=require', verified],
    ['db.example.com', 'sslmode=require&uselibpqcompat=true', verified],
    ['db.example.com', 'sslmode=verify-ca', verified],
    ['db.example.com', 'sslmode=verify-full&sslrootcert=system', verified],
    ['db.example.com', 'ssl=true', verified],
    ['db.example.com', 'ssl=false', false],
    ['db.example.com', 'sslmode=disable', false],
    ['db.example.com', 'sslmode=no-verify', { rejectUnauthorized: false }],
    ['10.0.0.7', '', verified],
    ['localhost', '', false],
    ['127.0.0.1', 'sslmode=prefer', false],
    ['[::1]', '', false],
    ['localhost', 'sslmode=require', verified],
  ])('STORE 32: to %s with "%s" is decided at least as strictly as libpq would', (host, parameters, ssl) => {
    const target = parseConnectionString(`postgres://ada@${host}/ledger?${parameters}`)
    expect(target.ssl).toEqual(ssl)
    expect(target.connectionString).not.toMatch(/ssl|compat/)
  })

  test('STORE 32: what the environment says is heard where the connection string says nothing', () => {
    const before = process.env['PGSSLMODE']
    try {
      process.env['PGSSLMODE'] = 'verify-full'
      expect(parseConnectionString('postgres://localhost/ledger').ssl).toEqual(verified)
      process.env['PGSSLMODE'] = 'disable'
      expect(parseConnectionString('postgres://localhost/ledger?sslmode=require').ssl).toEqual(verified)
    } finally {
      if (before === undefined) delete process.env['PGSSLMODE']
      else process.env['PGSSLMODE'] = before
    }
  })
})

function thrown(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}
