/** A process that appends until it is refused some times in a row, and says what it was answered, a line each: `file`. */
import { isLedgerError } from '@infraledger/core/adapter'
import { streamWriter } from '@infraledger/testkit'
import { sqliteEventStore } from './sqlite-event-store.ts'

const REFUSALS = 3

const [, , file = ''] = process.argv
const store = sqliteEventStore({ file })
const data = JSON.stringify('x'.repeat(30_000))
const prod = streamWriter('environment-prod')
for (let refusals = 0; refusals < REFUSALS;) {
  const [event] = prod.draft([{ data }])
  const id = event?.id ?? ''
  try {
    await prod.append(store, [{ id, data }])
    process.stdout.write(`${JSON.stringify({ id, answer: 'appended' })}\n`)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    refusals += 1
    process.stdout.write(`${JSON.stringify({ id, answer: { code: error.code, ...error.details } })}\n`)
  }
}
// Closing would bring the log into the file, for which there is no room either.
process.exit(0)
