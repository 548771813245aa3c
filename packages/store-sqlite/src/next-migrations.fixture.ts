import { MIGRATIONS, type Migration } from './schema.ts'

/** How a later version might rebuild the table of events with a column more. */
export const REBUILDING: readonly string[] = [
  'create table migrations_run (version integer)',
  `create table events_next (
    position integer primary key, stream text not null, revision integer not null, id text not null, type text not null,
    schema_version integer not null, data text not null, metadata text not null, recorded_at text not null,
    previous_hash text not null, hash text not null, characters integer not null,
    unique (stream, revision), unique (stream, id)
  ) strict`,
  'insert into events_next select *, length(data) from events',
  'drop table events',
  'alter table events_next rename to events',
  'create index events_by_type on events (type)',
  "create trigger events_are_not_replaced before insert on events when exists (select 1 from events where position = new.position) begin select raise(abort, 'events are never replaced'); end",
  "create trigger events_are_not_updated before update on events begin select raise(abort, 'events are never updated'); end",
  "create trigger events_are_not_deleted before delete on events begin select raise(abort, 'events are never deleted'); end",
  `insert into migrations_run values (${MIGRATIONS.length + 1})`,
]

/** The migrations of that later version, the last one made of these statements. */
export function nextMigrations(statements: readonly string[] = REBUILDING): readonly Migration[] {
  const objects = [...(MIGRATIONS.at(-1)?.objects ?? []), 'migrations_run']
  return [...MIGRATIONS, { version: MIGRATIONS.length + 1, sql: statements.join(';\n'), objects }]
}
