import { DatabaseSync } from 'node:sqlite'

/**
 * A store as version 1 of the schema made it, with its events, written out: it stays as it is when the library goes on,
 * for such files are on people's disks.
 */
const VERSION_1_FILE = `
  pragma journal_mode = wal;
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

  pragma application_id = 1229734983;
  pragma user_version = 1;

  insert into events values
  (1, 'environment-prod', 0, '019cadce-d5a9-7a0e-8e7b-000000000001', 'EnvironmentCreated', 1, '{"name":"prod"}', '{"actor":{"type":"system"}}', '2026-01-01T00:00:00.000Z', '0000000000000000000000000000000000000000000000000000000000000000', 'd7ed8828531ae16d448a52f5c47cfac4d5c5c3098845952125c96fd08cd34d0f'),
  (2, 'environment-prod', 1, '019cadce-d5a9-7a0e-8e7b-000000000002', 'RoleGranted', 1, '{ "subject" : "é🙂" }', '{"actor":{"type":"system"}}', '2026-01-01T00:00:01.000Z', 'd7ed8828531ae16d448a52f5c47cfac4d5c5c3098845952125c96fd08cd34d0f', '7b7978d792b59f339628117b654a6d4d0d1feb6fcbbc9a079386d97c899019ba'),
  (3, 'activity-prod', 0, '019cadce-d5a9-7a0e-8e7b-000000000003', 'CommandRefused', 1, '{}', '{"actor":{"type":"system"}}', '2026-01-01T00:00:00.000Z', '0000000000000000000000000000000000000000000000000000000000000000', 'c4b951a7e56c2b192d8f04ba51a27f0e003d675e4f9dbcf0f3e337bc62dcc5a8'),
  (4, 'environment-prod', 2, '019cadce-d5a9-7a0e-8e7b-000000000004', 'ThingOfAnotherTime', 1, '1.00', '{"actor":{"type":"system"}}', '2026-01-01T00:00:02.000Z', '7b7978d792b59f339628117b654a6d4d0d1feb6fcbbc9a079386d97c899019ba', '868db70c96fd6b57f3757e6af4c3016e200a7d1bc85fbe7beb528311f7f082cd');
  insert into snapshots values ('environment-prod', 1, 'h', 1, '{}');
`

/** Makes a file of version 1, with three events of `environment-prod` and one of `activity-prod`. */
export function makeVersion1File(file: string): void {
  const database = new DatabaseSync(file)
  database.exec(VERSION_1_FILE)
  database.close()
}
