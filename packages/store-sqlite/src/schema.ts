/** Marks a file as ours in SQLite's own header: "ILDG" in ASCII. */
export const APPLICATION_ID = 0x49_4c_44_47

/** The version of the tables below, kept in the file's `user_version`. */
export const SCHEMA_VERSION = 1

/** The names of what {@link SCHEMA} makes; a file that lacks one is not whole. */
export const SCHEMA_OBJECTS = [
  'events',
  'events_by_type',
  'events_are_not_replaced',
  'events_are_not_updated',
  'events_are_not_deleted',
  'snapshots',
] as const

/**
 * The tables of an event store. Positions are dense without a counter: an append takes the position behind the last one
 * under SQLite's one write lock, and nothing is ever removed. The triggers hold against anyone who opens the file with
 * another tool; without the one on INSERT, an `INSERT OR REPLACE` would remove an event past any trigger on DELETE.
 */
export const SCHEMA = `
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
  pragma user_version = ${SCHEMA_VERSION};
`
