/**
 * A process that appends until it is killed, from several callers at once, and says each acknowledged id. It kills itself
 * at the nth of a moment, if one is named: `file [characters] [moment number]`.
 */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { collect, streamWriter } from '@infraledger/testkit'
import { sqliteEventStore } from './sqlite-event-store.ts'

const [, , file = '', characters = '10', moment = 'none', number = '0'] = process.argv
const data = JSON.stringify('x'.repeat(Number(characters)))
let passed = 0

/** The process comes by this moment; where it is the one, it is dead before anything else happens. */
function pass(what: string): void {
  if (what !== moment) return
  passed += 1
  if (passed === Number(number)) process.kill(process.pid, 'SIGKILL')
}

/** A connection whose transactions come by moments before and after each of their statements. */
function watched(database: DatabaseSync): DatabaseSync {
  const prepare = database.prepare.bind(database)
  database.prepare = (sql) => {
    const statement = prepare(sql)
    const [word = ''] = sql.split(' ')
    const run = statement.run.bind(statement)
    const passing = (...parameters: SQLInputValue[]) => {
      pass(`before ${word}`)
      const result = run(...parameters)
      pass(`after ${word}`)
      return result
    }
    return Object.assign(statement, { run: passing })
  }
  return database
}

// What dies leaves no compiled code to the next one, unless it is written before.
flushCompileCache()
const store = sqliteEventStore({ database: watched(new DatabaseSync(file)) })
await Promise.all([1, 2, 3].map((caller) => appendForEver(`environment-${caller}`, caller)))

async function appendForEver(stream: string, events: number): Promise<void> {
  const [end] = await collect(store.readStream(stream, { backwards: true, limit: 1 }))
  for (const writer = streamWriter(stream, end); ;) {
    const drafts = Array.from({ length: events }, () => ({ data }))
    const acknowledged = await writer.append(store, drafts)
    writeSync(1, acknowledged.events.map(({ id }) => `${id}\n`).join(''))
  }
}
