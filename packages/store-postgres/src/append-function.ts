const EVENT_ARRAYS = [
  'event_streams',
  'revisions',
  'ids',
  'types',
  'schema_versions',
  'data',
  'metadata',
  'recorded_at',
  'previous_hashes',
  'hashes',
] as const

/** The columns of the events, in the order in which both append functions write them. */
export const COLUMNS =
  'position, stream, revision, id, type, schema_version, data, metadata, recorded_at, previous_hash, hash'

/** Up to so many events it is cheaper to take each out of the arrays by its number than to set up one scan of all arrays. */
const FEW_EVENTS = 16

/** Inserts the events of some numbers behind a position. */
function insertFew(schema: string, position: string, from: string, to: string): string {
  const values = EVENT_ARRAYS.map((name) => `given_${name}[g.n]`).join(', ')
  return `
    insert into ${schema}.events (${COLUMNS})
    select ${position} + 1 + g.n - ${from}, ${values} from generate_series(${from}, ${to}) as g (n);`
}

/** Inserts all events behind a position. */
function insertMany(schema: string, position: string): string {
  const arrays = EVENT_ARRAYS.map((name) => `given_${name}`).join(', ')
  const columns = COLUMNS.replace('position, ', '')
  return `
    insert into ${schema}.events (${COLUMNS})
    select ${position} + g.n, ${columns} from unnest(${arrays}) with ordinality as g (${columns}, n);`
}

/** Whether each append of the group is on the right revision, given that those before it in the group are appended. */
function fitting(schema: string): string {
  const last = (stream: string): string =>
    `coalesce((select max(e.revision) from ${schema}.events as e where e.stream = ${stream}), -1)`
  return `
    if cardinality(given_streams) = 1 then
      fits := given_expected[1] = ${last('given_streams[1]')};
    else
      fits := not exists (
        select from (
          select a.stream, a.expected, coalesce(sum(a.size) over (
              partition by a.stream order by a.n rows between unbounded preceding and 1 preceding), 0) as earlier
          from unnest(given_streams, given_expected, given_sizes) with ordinality as a (stream, expected, size, n)
        ) as a where a.expected <> a.earlier + ${last('a.stream')});
    end if;`
}

/**
 * The way in for every group: appends its appends in one round trip. Each append is a stream, the revision it expects (-1
 * for none) and how many of the events are its own, in order. The head's row is locked first and until the commit, so
 * what is looked at afterwards is what is true.
 *
 * Usually all of them fit and are appended: then the answer is the position before the first event, as JSON. Otherwise it
 * is an array that says for each append `{ last }`, its last position, or `{ actual, existing }`: the stream's last
 * revision, and those of its events that have one of the ids, so that the library decides what to answer. Ids that a
 * stream has already are looked for only then, or when it is asked to be `careful`: the table refuses them anyway, with
 * an error after which the library asks again, carefully.
 *
 * It runs as its owner: a writer needs no right on the tables. All names are qualified, and the path is fixed, so that
 * nobody can put something of their own in their place
 * (https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY).
 */
export function appendFunction(schema: string): string {
  return `
  create function ${schema}.append_events(
    careful boolean, given_lock_timeout text,
    given_streams text[], given_expected bigint[], given_sizes integer[],
    given_event_streams text[], given_revisions bigint[], given_ids text[], given_types text[],
    given_schema_versions bigint[], given_data text[], given_metadata text[], given_recorded_at text[],
    given_previous_hashes text[], given_hashes text[]
  ) returns text language plpgsql security definer
  set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
  declare
    fits boolean := false;
    last_position bigint;
    from_event integer := 1;
    to_event integer;
    actual bigint;
    existing json;
    answers json[];
  begin
    perform set_config('lock_timeout', given_lock_timeout, true);
    update ${schema}.head set position = position + cardinality(given_ids)
      returning position - cardinality(given_ids) into strict last_position;

    if not careful then
      ${fitting(schema)}
    end if;
    if fits and cardinality(given_ids) > ${FEW_EVENTS} then
      ${insertMany(schema, 'last_position')}
      return last_position::text;
    elsif fits then
      ${insertFew(schema, 'last_position', '1', 'cardinality(given_ids)')}
      return last_position::text;
    end if;

    for i in 1 .. cardinality(given_streams) loop
      to_event := from_event + given_sizes[i] - 1;
      select coalesce(max(e.revision), -1) into actual from ${schema}.events as e where e.stream = given_streams[i];
      -- "limit 1" makes this a look into the index for each id, whatever the planner thinks of the table's size.
      select json_agg(json_build_array(e.id, e.revision, e.position::text, e.hash)) into existing
        from unnest(given_ids[from_event : to_event]) as g (id) cross join lateral (
          select * from ${schema}.events as e where e.stream = given_streams[i] and e.id = g.id limit 1) as e;
      if actual = given_expected[i] and existing is null then
        ${insertFew(schema, 'last_position', 'from_event', 'to_event')}
        last_position := last_position + given_sizes[i];
        answers[i] := json_build_object('last', last_position::text);
      else
        answers[i] := json_build_object('actual', actual, 'existing', existing);
      end if;
      from_event := to_event + 1;
    end loop;
    update ${schema}.head set position = last_position;
    return array_to_json(answers)::text;
  end $$;`
}
