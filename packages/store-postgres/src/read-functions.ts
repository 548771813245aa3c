import { PAGE_LIMITS } from './event-pages.ts'

/**
 * Reads must come out of an index in its order, a page at a time. What the planner chooses in a table that grew since it
 * was last analysed is to fetch all the rest and sort it, for each page again; here it may not. Functions also keep their
 * plans, where a pooler lets no statement be prepared.
 */
const SETTINGS = `
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
  -- Before version 18, a plan that had to do what is off here would seem costly enough to be compiled.
  set jit = off`

const COLUMNS =
  'e.position, e.stream, e.revision, e.id, e.type, e.schema_version, e.data, e.metadata, e.recorded_at, e.previous_hash, e.hash'

/**
 * A page of `source`, by a key, up or down: so many events at most, and none after the one that fills the page's bytes.
 * The limit comes first, so that no more than the page is measured.
 */
function page(source: string, key: string, direction: '' | ' desc' = ''): string {
  return `
    return query select ${COLUMNS} from (
      select e.*, octet_length(e.data) as own,
        sum(octet_length(e.data)) over (order by e.${key}${direction} rows unbounded preceding) as bytes
      from (select e.* from ${source} order by e.${key}${direction} limit max_events) as e
    ) as e where e.bytes - e.own < ${PAGE_LIMITS.bytes};`
}

/** The functions that read one page each; `schema` is a quoted identifier. Sizes are known without unpacking the data. */
export function readFunctions(schema: string): string {
  return `
  create function ${schema}.read_stream(of_stream text, from_revision bigint, max_events bigint)
  returns setof ${schema}.events ${SETTINGS} as $$ begin
    ${page(`${schema}.events as e where e.stream = of_stream and e.revision >= from_revision`, 'revision')}
  end $$;
  create function ${schema}.read_stream_backwards(of_stream text, from_revision bigint, max_events bigint)
  returns setof ${schema}.events ${SETTINGS} as $$ begin
    ${page(`${schema}.events as e where e.stream = of_stream and e.revision <= from_revision`, 'revision', ' desc')}
  end $$;
  create function ${schema}.read_all(after_position bigint, max_events bigint)
  returns setof ${schema}.events ${SETTINGS} as $$ begin
    ${page(`${schema}.events as e where e.position > after_position`, 'position')}
  end $$;
  create function ${schema}.read_types(after_position bigint, max_events bigint, of_types text[])
  returns setof ${schema}.events ${SETTINGS} as $$
  declare positions bigint[];
  begin
    -- Of each type the first positions out of its own index; then the first of all these.
    positions := array(
      select p.position from unnest(of_types) as t (type) cross join lateral (
        select e.position from ${schema}.events as e where e.type = t.type and e.position > after_position
        order by e.position limit max_events
      ) as p order by p.position limit max_events);
    ${page(
      `unnest(positions) as p (position) cross join lateral (
        select * from ${schema}.events as e where e.position = p.position limit 1) as e`,
      'position',
    )}
  end $$;`
}
