import { createDatabase, run } from './databases.ts'
import type { TestPostgres } from './test-postgres.ts'

/** Uses a server that is there: databases are made on it, whose role needs CREATEDB, and dropped in the end. */
export function givenServer(url: string): TestPostgres {
  const made: string[] = []
  return {
    url,
    async databaseUrl(name = 'test') {
      const database = await createDatabase(url, `infraledger_${name}`)
      made.push(database.name)
      return database.url
    },
    restart: async () => {
      throw new Error('The server of DATABASE_URL is not ours to restart: start one with { own: true }')
    },
    async stop() {
      for (const name of made.splice(0)) await run(url, `drop database if exists ${name} with (force)`)
    },
  }
}
