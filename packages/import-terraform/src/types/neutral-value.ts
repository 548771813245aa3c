import { isSecretReference } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import { flagAt, numberAt } from '../state/attributes.ts'
import type { NeutralAttribute } from './type-translation.ts'

/** What kinds accept of a text. */
const TEXT_CHARACTERS = 4_096

/** A value as its neutral property has it; undefined where it is of another sort. */
export function neutralValue(value: JsonValue, as: NeutralAttribute['as']): JsonValue | undefined {
  switch (as) {
    case 'text':
      return typeof value === 'string' && value.length <= TEXT_CHARACTERS ? value : undefined
    case 'number':
      return numberAt({ value }, 'value')
    case 'flag':
      return flagAt({ value }, 'value')
    case 'secret':
      return isSecretReference(value) ? value : undefined
  }
}
