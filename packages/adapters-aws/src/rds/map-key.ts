/** The key of one member of a map: `mapKey('labels', 'team')` is `labels["team"]`, quoted as JSON. */
export function mapKey(map: string, member: string): string {
  return `${map}[${JSON.stringify(member)}]`
}
