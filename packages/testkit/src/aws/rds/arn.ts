import type { FakeResource } from '../../fake-cloud/world.ts'

/** How RDS writes the type of a resource into its ARN ("Working with ARNs in Amazon RDS"). */
export type ArnType = 'db' | 'cluster' | 'snapshot' | 'subgrp' | 'pg' | 'auto-backup'

/** The ARN of a thing of RDS. */
export function rdsArn(
  place: { readonly account: string; readonly region: string },
  type: ArnType,
  name: string,
): string {
  return `arn:aws:rds:${place.region}:${place.account}:${type}:${name}`
}

/** The name in an ARN of that type, or the text itself where it is none: RDS takes either in most places. */
export function nameIn(type: ArnType, text: string): string {
  const match = new RegExp(`^arn:aws[a-z-]*:rds:[^:]*:[^:]*:${type}:(.+)$`).exec(text)
  return match?.[1] ?? text
}

/** `DbiResourceId` of an instance: immutable, unlike its identifier. */
export function dbiResourceId({ id }: Pick<FakeResource, 'id'>): string {
  return id.replace(/^sql-instance-/, 'db-')
}
