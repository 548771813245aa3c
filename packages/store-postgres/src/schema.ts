import { appendEventFunction } from './append-event-function.ts'
import { appendFunction } from './append-function.ts'
import { readFunctions } from './read-functions.ts'

/** One step of the schema's history. Once released it is never changed; a later one is added. */
export type Migration = { readonly version: number; readonly sql: (schema: string) => string }

/** The names of what the newest schema holds; one that lacks any of them is not whole. */
export const SCHEMA_OBJECTS = [
  'schema_versions',
  'head',
  'events',
  'events_by_type',
  'events_are_kept',
  'append_events',
  'append_event',
  'read_stream',
  'read_stream_backwards',
  'read_all',
  'read_types',
  'snapshots',
  'save_snapshot',
] as const

/**
 * `schema` is a quoted identifier. Positions come from the one row of `head`, which an append counts up in its own
 * transaction: they are dense, and their order is that of the commits, so a reader that remembers a position misses
 * nothing. Text is kept as it is, because the hash chain covers it: never `jsonb`. The order of text is that of its
 * bytes, whatever the database's.
 */
const first = (schema: string): string => `
  create table ${schema}.schema_versions (
    version integer primary key,
    migrated_at timestamptz not null default now()
  );
  create table ${schema}.head (
    only_row boolean primary key default true check (only_row),
    position bigint not null check (position >= 0)
  ) with (fillfactor = 10);
  insert into ${schema}.head (position) values (0);

  create table ${schema}.events (
    position bigint primary key,
    stream text collate "C" not null,
    revision bigint not null,
    id text collate "C" not null,
    type text collate "C" not null,
    schema_version bigint not null,
    data text not null,
    metadata text not null,
    recorded_at text not null,
    previous_hash text not null,
    hash text not null,
    unique (stream, revision),
    unique (stream, id)
  );
  create index events_by_type on ${schema}.events (type, position);

  create function ${schema}.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'events are never changed or removed' using errcode = 'restrict_violation';
  end $$;
  create trigger events_are_kept before update or delete or truncate on ${schema}.events
    for each statement execute function ${schema}.refuse_change();
  -- "always": also for a session that says it is replicating.
  alter table ${schema}.events enable always trigger events_are_kept;

  create table ${schema}.snapshots (
    stream text collate "C" primary key,
    revision bigint not null,
    hash text not null,
    fold_version bigint not null,
    state text not null
  );
  create function ${schema}.save_snapshot(
    given_stream text, given_revision bigint, given_hash text, given_fold_version bigint, given_state text,
    unusable_revision bigint, unusable_hash text
  ) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
    insert into ${schema}.snapshots as kept
    values (given_stream, given_revision, given_hash, given_fold_version, given_state)
    on conflict (stream) do update
    set (revision, hash, fold_version, state) =
      (excluded.revision, excluded.hash, excluded.fold_version, excluded.state)
    where excluded.revision >= kept.revision or (kept.revision, kept.hash) = (unusable_revision, unusable_hash)
  $$;
  ${appendFunction(schema)}
  ${appendEventFunction(schema)}
  ${readFunctions(schema)}
  revoke all on function ${schema}.append_events, ${schema}.append_event, ${schema}.save_snapshot, ${schema}.refuse_change, ${schema}.read_all,
    ${schema}.read_types, ${schema}.read_stream, ${schema}.read_stream_backwards from public;
`

/** All steps, oldest first. */
export const MIGRATIONS: readonly Migration[] = [{ version: 1, sql: first }]

/** The version that this library reads and writes. */
export const SCHEMA_VERSION = 1
