import type { Movement } from './state.ts'

const PROPERTIES_SHOWN = 4

/** A movement for people: `engineVersion of sql-instance/main by user ada (import)`. */
export function movementText({ node, properties, by, cause }: Movement): string {
  const more = properties.length > PROPERTIES_SHOWN ? ` and ${properties.length - PROPERTIES_SHOWN} more` : ''
  const what =
    properties.length === 0 ? `${node} went` : `${properties.slice(0, PROPERTIES_SHOWN).join(', ')}${more} of ${node}`
  return `${what} by ${by} (${cause})`
}
