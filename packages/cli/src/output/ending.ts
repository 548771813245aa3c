import type { DeletionReview, DestructionReview, LeftBehind } from '@infraledger/core'
import type { Look } from './look.ts'
import { table } from './table.ts'
import { count, plain } from './text.ts'

/** What destroying an environment would do, and what stands in the way, for people. */
export function destructionText(review: DestructionReview, look: Look): string {
  const { environment, removes, orphaned, protected: kept } = review
  const sections = [
    removes.length === 0
      ? 'Nothing of it would be removed.'
      : `${count(removes.length, 'node')} would be removed, in this order:\n${removalTable(review, look)}`,
    ...(orphaned.length === 0
      ? []
      : [
          `${count(orphaned.length, 'node')} would stay, for they are only observed:\n${leftBehindTable(orphaned, look)}`,
        ]),
    ...(kept.length === 0
      ? []
      : [
          `${count(kept.length, 'node')} ${kept.length === 1 ? 'stands' : 'stand'} in the way:\n${table(
            [
              { heading: 'NODE', style: 'bold', narrow: 'keep' },
              { heading: 'WHY', narrow: 'whole' },
            ],
            kept.map(({ node, why }) => [node, why]),
            look,
          )}`,
        ]),
    ...obstacleLines(review),
  ]
  const isFree = kept.length === 0 && review.inTheWay.length === 0
  return [
    `${look.paint('bold', plain(environment))}: what destroying it would do`,
    ...sections,
    isFree ? howTo('destroy', review) : `It cannot be destroyed yet.`,
  ].join('\n\n')
}

/** What deleting an environment from the ledger would leave behind, for people. */
export function deletionText(review: DeletionReview, look: Look): string {
  const { environment, orphaned } = review
  return [
    `${look.paint('bold', plain(environment))}: what deleting it from the ledger would leave at providers`,
    orphaned.length === 0 ? 'Nothing that the ledger knows of.' : leftBehindTable(orphaned, look),
    ...obstacleLines(review),
    ...(review.inTheWay.length === 0 ? [howTo('delete', review)] : []),
  ].join('\n\n')
}

/** Nodes that stay at providers, with their handles there. */
export function leftBehindTable(left: readonly (LeftBehind & { readonly environment?: string })[], look: Look): string {
  const isAcross = left.some(({ environment }) => environment !== undefined)
  const rows = left.map(({ environment, node, ownership, ref }) => [
    ...(isAcross ? [environment ?? ''] : []),
    node,
    ownership,
    [ref.provider, ref.account, ref.region].filter((part) => part !== undefined).join(' '),
    ref.name,
    ref.id ?? '-',
  ])
  return table(
    [
      ...(isAcross ? [{ heading: 'ENVIRONMENT' }] : []),
      { heading: 'NODE', style: 'bold', narrow: 'keep' },
      { heading: 'OWNERSHIP' },
      { heading: 'WHERE' },
      { heading: 'NAME' },
      { heading: 'ID', narrow: 'whole' },
    ],
    rows,
    look,
  )
}

function removalTable({ removes }: DestructionReview, look: Look): string {
  return table(
    [{ heading: 'NODE', style: 'bold', narrow: 'keep' }, { heading: 'LAST COPY' }, { heading: 'AUTOMATED BACKUPS' }],
    removes.map(({ node, lastCopy, automatedBackupsToo }) => [
      node,
      lastCopy,
      automatedBackupsToo ? 'go as well' : lastCopy === 'none' ? '-' : 'stay',
    ]),
    look,
  )
}

function obstacleLines({ inTheWay }: DeletionReview): readonly string[] {
  return inTheWay.map(({ message }) => plain(message))
}

function howTo(command: 'destroy' | 'delete', { environment, challenge }: DeletionReview): string {
  const typed = `infraledger ${command} --environment ${environment} --challenge "${challenge}" --reason <why> --as user:<you>`
  return `To go on, type the challenge:\n  ${plain(typed)}`
}
