import { AwsError, invalidValue } from './aws-error.ts'

/** A filter of a Describe call: any of the values. */
export type FormFilter = { readonly name: string; readonly values: readonly string[] }

/** The parameters of a call of the query protocol, by their flat names (`Tags.Tag.1.Key`). */
export interface Form {
  readonly action: string
  has(name: string): boolean
  text(name: string): string | undefined
  /** As `text`, and refuses the call where there is none. */
  required(name: string): string
  whole(name: string): number | undefined
  flag(name: string): boolean | undefined
  /** Undefined where the list was not given; whatever its members are called. */
  texts(name: string): readonly string[] | undefined
  tags(name?: string): readonly { readonly key: string; readonly value: string }[]
  filters(name?: string, values?: string): readonly FormFilter[]
  /** Everything that was said, without what must not be written down. */
  said(): Readonly<Record<string, string>>
}

const SECRETS = /^(?:MasterUserPassword|TdeCredentialPassword)$/

/** Reads a body of `application/x-www-form-urlencoded`. */
export function readForm(body: string): Form {
  const said = new URLSearchParams(body)
  const text = (name: string): string | undefined => said.get(name) ?? undefined
  return {
    action: text('Action') ?? '',
    has: (name) => said.has(name),
    text,
    required(name) {
      const value = text(name)
      if (value === undefined || value === '')
        throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`)
      return value
    },
    whole(name) {
      const value = text(name)
      if (value === undefined) return undefined
      if (!/^-?\d+$/.test(value)) throw malformed(`${name}: "${value}" is not an integer`)
      return Number(value)
    },
    flag(name) {
      const value = text(name)
      if (value === undefined) return undefined
      if (value !== 'true' && value !== 'false') throw malformed(`${name}: "${value}" is neither true nor false`)
      return value === 'true'
    },
    texts(name) {
      const members = membersOf(said, name)
      return members.length === 0 && !said.has(name) ? undefined : members.map((prefix) => text(prefix) ?? '')
    },
    tags: (name = 'Tags') =>
      membersOf(said, name).map((prefix) => ({
        key: tagKey(text(`${prefix}.Key`)),
        value: text(`${prefix}.Value`) ?? '',
      })),
    filters: (name = 'Filters', values = 'Values') =>
      membersOf(said, name).map((prefix) => ({
        name: text(`${prefix}.Name`) ?? '',
        values: membersOf(said, `${prefix}.${values}`).map((value) => text(value) ?? ''),
      })),
    said: () => Object.fromEntries([...said].filter(([name]) => !SECRETS.test(name))),
  }
}

function malformed(problem: string): AwsError {
  return new AwsError('MalformedInput', problem)
}

/** Tag keys that begin with `aws:` are AWS's own (RDS User Guide, "Tagging Amazon RDS resources"). */
function tagKey(key: string | undefined): string {
  if (key === undefined || key === '') throw invalidValue('Tag keys must be given.')
  if (key.toLowerCase().startsWith('aws:'))
    throw invalidValue(`The tag key ${key} begins with aws:, which is reserved.`)
  return key
}

/** The prefixes of a list's members in order: `Tags.Tag.1`, `Tags.member.1`, or `GroupId.1` as EC2 writes it. */
function membersOf(said: URLSearchParams, list: string): readonly string[] {
  const found = new Map<string, number>()
  for (const name of said.keys()) {
    if (!name.startsWith(`${list}.`)) continue
    const match = /^(?:[^.\d][^.]*\.)?(\d+)(?=\.|$)/.exec(name.slice(list.length + 1))
    if (match !== null) found.set(`${list}.${match[0]}`, Number(match[1]))
  }
  return [...found].toSorted(([, a], [, b]) => a - b).map(([prefix]) => prefix)
}
