import type { Declaration } from '../application/declaration.ts'
import { invalidModel } from '../application/model-input.ts'
import type { ModelIssue } from '../application/model-input.ts'
import { kindOf } from '../graph/ids.ts'
import type { Rejection } from '../ledger-error.ts'
import { imageReferenceSchema } from './image-reference.ts'

/**
 * Refuses a model with images that are no references, for kinds that a platform runs: it would be refused there in the middle of the
 * deployment. What no platform runs is a record only, and may say anything.
 */
export function checkImages(
  declarations: Iterable<Declaration>,
  isRun: (kind: string) => boolean,
): Rejection | undefined {
  const issues: ModelIssue[] = []
  for (const { node, properties } of declarations) {
    if (!Object.hasOwn(properties, 'image') || !isRun(kindOf(node))) continue
    const parsed = imageReferenceSchema.safeParse(properties['image'])
    if (!parsed.success)
      issues.push({ path: `${node}.image`, problem: parsed.error.issues.map(({ message }) => message).join('; ') })
  }
  return issues.length === 0 ? undefined : invalidModel(issues)
}
