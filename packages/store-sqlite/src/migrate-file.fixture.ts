/** A process that opens a file with a later schema, and dies before statement number `death`, if there is one: `file [death]`. */
import { DatabaseSync } from 'node:sqlite'
import { connect } from './connection.ts'
import { nextMigrations, REBUILDING } from './next-migrations.fixture.ts'

const [, , file = '', death = ''] = process.argv
const database = new DatabaseSync(file)
database.function('die', () => {
  process.kill(process.pid, 'SIGKILL')
  return 0
})
const statements = death === '' ? REBUILDING : REBUILDING.toSpliced(Number(death), 0, 'select die()')
process.stdout.write('opening\n')
connect({ database }, 10_000, nextMigrations(statements)).close()
database.close()
