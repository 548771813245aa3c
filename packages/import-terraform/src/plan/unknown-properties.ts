import { mapKey } from '../properties/property-key.ts'
import type { TypeTranslation } from '../types/type-translation.ts'
import { isMarked, isMarksList } from './marked-values.ts'
import type { Marks } from './plan-schema.ts'

/**
 * The properties that only the execution tells, from `after_unknown`: under the names that the importer of states gives them. Where a
 * whole attribute is unknown it may turn out to be a map, so its members are unknown too (`labels[*]`).
 */
export function unknownProperties(marks: Marks | undefined, translation: TypeTranslation | undefined): Set<string> {
  return new Set(unknownPaths(marks, new Set(translation?.blocks)).flatMap((found) => propertiesOf(found, translation)))
}

/** The paths of attributes that are unknown, in whole or in part. */
export function unknownPaths(marks: Marks | undefined, blocks: ReadonlySet<string>): readonly UnknownPath[] {
  return pathsIn(marks, '', blocks)
}

/** An attribute that is unknown, or one member of a map that is. */
export type UnknownPath = { readonly path: string; readonly member?: string }

function pathsIn(marks: Marks | undefined, prefix: string, blocks: ReadonlySet<string>): UnknownPath[] {
  if (typeof marks !== 'object' || marks === null || isMarksList(marks)) return []
  const found: UnknownPath[] = []
  for (const [name, part] of Object.entries(marks)) {
    if (!isMarked(part)) continue
    const path = prefix + name
    const [only] = isMarksList(part) ? part : []
    if (part === true) found.push({ path })
    else if (blocks.has(path) && isMarksList(part) && part.length === 1)
      found.push(...pathsIn(only, `${path}.`, blocks))
    else if (isMarksList(part) || part === null || typeof part !== 'object') found.push({ path })
    else {
      const members = Object.entries(part).filter(([, member]) => isMarked(member))
      found.push(...members.map(([member]) => ({ path, member })))
    }
  }
  return found
}

function propertiesOf({ path, member }: UnknownPath, translation: TypeTranslation | undefined): readonly string[] {
  const spelled = (name: string): readonly string[] =>
    member === undefined ? [name, `${name}[*]`] : [mapKey(name, member)]
  if (translation === undefined) return spelled(path)
  const neutral = translation.neutral?.[path]
  const isLabels = translation.labels?.includes(path) === true
  return [
    ...(isLabels ? [member === undefined ? 'labels[*]' : mapKey('labels', member)] : []),
    ...(neutral === undefined ? [] : [neutral.to]),
    ...spelled(`provider.${path}`),
  ]
}
