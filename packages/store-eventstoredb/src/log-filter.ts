import { eventTypeFilter, streamNameFilter, type Filter, type Position } from '@eventstore/db-client'

/** Makes the filter of a subscription, which is told how far the server has looked. */
export type LogFilter = (checkpointReached: (position: Position) => void) => Filter

/**
 * How many events the server looks at for a page of its own, and after how many it says how far it is. Larger than its
 * default of 32, so that a log full of other people's events is passed over in few steps.
 */
const SEARCH_WINDOW = 1_000

/** A longer expression is not worth the server's while. */
const LONGEST_EXPRESSION = 8_000

/**
 * The server filters by the names of streams or by types, not by both. Types say more than the prefix, for a ledger is
 * far larger than its events of a few types; so where types are asked for, the prefix is looked at on this side.
 */
export function logFilter(streamPrefix: string, types: readonly string[] | undefined): LogFilter {
  const ofTypes = types === undefined ? undefined : `^(?:${types.map(escaped).join('|')})$`
  return (reached) => {
    const options = {
      maxSearchWindow: SEARCH_WINDOW,
      checkpointReached: (_: unknown, position: Position): void => reached(position),
    }
    if (ofTypes !== undefined && ofTypes.length <= LONGEST_EXPRESSION)
      return eventTypeFilter({ ...options, regex: ofTypes })
    // Not a prefix, which some versions of the server compare by the rules of a language and not by characters.
    return streamNameFilter({ ...options, regex: `^${escaped(streamPrefix)}` })
  }
}

/** A text in a regular expression of .NET that matches it and nothing else. */
const escaped = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}#]/g, String.raw`\$&`)
