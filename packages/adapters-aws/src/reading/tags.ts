import { ListTagsForResourceCommand } from '@aws-sdk/client-rds'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import type { AwsSession } from '../session/session.ts'

/** The tags of an instance; asked for where its description has none, as with RDS before 2020 and with servers that imitate it. */
export async function tagsOf(
  session: AwsSession,
  region: string,
  { TagList: told, DBInstanceArn: arn, DBInstanceIdentifier: about }: DbInstance,
): Promise<NonNullable<DbInstance['TagList']>> {
  if (told !== undefined || arn === undefined) return told ?? []
  const input = { ResourceName: arn }
  const answer = await session.rds(
    region,
    'ListTagsForResource',
    (rds) => rds.send(new ListTagsForResourceCommand(input)),
    {
      about,
    },
  )
  return (answer.TagList ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [{ Key, Value: Value ?? '' }]))
}
