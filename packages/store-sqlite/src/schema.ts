/** Marks a file as ours in SQLite's own header: "ILDG" in ASCII. */
export const APPLICATION_ID = 0x49_4c_44_47

/** One step of the schema's history. Once released it is never changed, for files were made by it; a later one is added. */
export type Migration = {
  readonly version: number
  /** Brings a file here from the version before, inside a transaction that also keeps the new version. */
  readonly sql: string
  /** The names of all tables, indexes and triggers of this version; a file that lacks one is not whole. */
  readonly objects: readonly string[]
}

/**
 * The first tables. Positions are dense without a counter: an append takes the position behind the last one
 * under SQLite's one write lock, and nothing is ever removed. The triggers hold against anyone who opens the file with
 * another tool; without the one on INSERT, an `INSERT OR REPLACE` would remove an event past any trigger on DELETE.
 */
const FIRST = `
  create table events (
    position integer primary key,
    stream text not null,
    revision integer not null,
    id text not null,
    type text not null,
    schema_version integer not null,
    data text not null,
    metadata text not null,
    recorded_at text not null,
    previous_hash text not null,
    hash text not null,
    unique (stream, revision),
    unique (stream, id)
  ) strict;
  create index events_by_type on events (type);

  create trigger events_are_not_replaced before insert on events
  when exists (select 1 from events where position = new.position)
    or exists (select 1 from events where stream = new.stream and revision = new.revision)
    or exists (select 1 from events where stream = new.stream and id = new.id)
  begin select raise(abort, 'events are never replaced'); end;
  create trigger events_are_not_updated before update on events
  begin select raise(abort, 'events are never updated'); end;
  create trigger events_are_not_deleted before delete on events
  begin select raise(abort, 'events are never deleted'); end;

  create table snapshots (
    stream text primary key,
    revision integer not null,
    hash text not null,
    fold_version integer not null,
    state text not null
  ) strict;

  pragma application_id = ${APPLICATION_ID};
`

/** All steps, in order: the first one makes a store in an empty file. A file keeps its version in its `user_version`. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: FIRST,
    objects: [
      'events',
      'events_by_type',
      'events_are_not_replaced',
      'events_are_not_updated',
      'events_are_not_deleted',
      'snapshots',
    ],
  },
]
