import { always, environment, maybe, table } from './column.ts'

const stream = always('text', 'The stream')

/** How far the projection is. */
export const bookkeepingTables = {
  checkpoints: table({
    comment: 'How far each stream is projected; written in the same transaction as the rows',
    columns: {
      environment,
      stream,
      revision: always('integer', 'Revision of the last event that the rows hold; -1 before the first'),
      hash: always('text', 'Hash of that event'),
      position: always('text', 'Its position in the store, in decimal; 0 before the first'),
      recorded_at: maybe('timestamp', 'When that event was recorded: what happened until then is in the tables'),
      events: always('integer', 'Events that were projected'),
    },
    key: ['environment', 'stream'],
  }),
  skipped_events: table({
    comment: 'Events that this version of the projection does not know; they are in the ledger and in no other table',
    columns: {
      environment,
      stream,
      revision: always('integer', 'Revision of the event'),
      type: always('text', 'Its type'),
      schema_version: always('integer', 'Version of its schema'),
      recorded_at: always('timestamp', 'When it was recorded'),
    },
    key: ['environment', 'stream', 'revision'],
  }),
  staged_events: table({
    comment: 'Changes of the graph by an import under way; they are shown when it is completed',
    columns: {
      environment,
      revision: always('integer', 'Revision of the event'),
      event: always('text', 'The event, as JSON text'),
    },
    key: ['environment', 'revision'],
  }),
} as const
