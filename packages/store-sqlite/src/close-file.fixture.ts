/** A process that opens a file as a store and closes it again, as the last one as far as it can see: `file`. */
import { sqliteEventStore } from './sqlite-event-store.ts'

const [, , file = ''] = process.argv
await sqliteEventStore({ file }).close()
