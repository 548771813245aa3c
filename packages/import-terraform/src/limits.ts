/**
 * What one state may hold. A state of a million resources is refused (it would be a gigabyte or more, and no string of Node holds that):
 * split it, as Terraform itself becomes unusable long before.
 */
export const STATE_LIMITS = {
  /** Size of the text in UTF-8. */
  textBytes: 256 * 1024 * 1024,
  /** Instances of managed resources, deposed ones included. */
  instances: 250_000,
  /** Edges after reduction. */
  edges: 1_000_000,
  /** One property value as JSON in UTF-8; what a ledger keeps of one value at most. */
  valueBytes: 256 * 1024,
  /** Nesting of one property value. */
  valueDepth: 30,
  /** Address of an instance. */
  addressCharacters: 1_024,
} as const
