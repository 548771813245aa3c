import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Runs one statement over a connection of its own. */
export async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  // A server that goes away in the meantime is told by the query; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Makes an empty database on the server of `url`; answers with its name and its own connection string. */
export async function createDatabase(url: string, name: string): Promise<{ name: string; url: string }> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name))
    throw new Error(`"${name}" cannot begin the name of a test database: small letters, digits and _ (at most 41)`)
  const unique = `${name}_${randomBytes(4).toString('hex')}`
  await run(url, `create database ${unique} template template0 encoding 'UTF8'`)
  const own = new URL(url)
  own.pathname = unique
  return { name: unique, url: own.href }
}
