import { COLUMNS } from './append-function.ts'

/**
 * The short way in, for the commonest group: one append of one event. It takes plain values, because taking one event out
 * of arrays costs the server more. Answers as `append_events` does, which it asks when the event does not fit.
 */
export function appendEventFunction(schema: string): string {
  return `
  create function ${schema}.append_event(
    given_lock_timeout text, given_stream text, given_expected bigint,
    given_id text, given_type text, given_schema_version bigint, given_data text, given_metadata text,
    given_recorded_at text, given_previous_hash text, given_hash text
  ) returns text language plpgsql security definer
  set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
  declare
    -- Declared, not performed: an expression alone is evaluated without a query around it.
    lock_timeout constant text := set_config('lock_timeout', given_lock_timeout, true);
    last_position bigint;
  begin
    update ${schema}.head set position = position + 1 returning position - 1 into strict last_position;
    insert into ${schema}.events (${COLUMNS})
      select last_position + 1, given_stream, given_expected + 1, given_id, given_type, given_schema_version, given_data,
        given_metadata, given_recorded_at, given_previous_hash, given_hash
      where given_expected = coalesce((select max(e.revision) from ${schema}.events as e where e.stream = given_stream), -1);
    if found then
      return last_position::text;
    end if;
    update ${schema}.head set position = last_position;
    return ${schema}.append_events(
      true, given_lock_timeout, array[given_stream], array[given_expected], array[1], array[given_stream],
      array[given_expected + 1], array[given_id], array[given_type], array[given_schema_version], array[given_data],
      array[given_metadata], array[given_recorded_at], array[given_previous_hash], array[given_hash]);
  end $$;`
}
