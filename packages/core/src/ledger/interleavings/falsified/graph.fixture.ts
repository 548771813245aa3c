import { kindOf } from '../../../graph/ids.ts'
import type { Falsified } from './falsifications.fixture.ts'
import { event, moment } from './falsify.fixture.ts'

export const falsifiedGraph: Falsified = [
  [
    'GRAPH 1',
    'a version is left out',
    event('NodeVersionRecorded', ({ data }) => ({ data: { version: data.version + 1 } })),
  ],
  [
    'GRAPH 1',
    'the past is told otherwise',
    moment('answers', ({ past, graphVersion }) =>
      past === undefined || past.version === graphVersion ? undefined : { past: { ...past, text: `${past.text} ` } },
    ),
  ],
  [
    'GRAPH 2',
    'a version says what the one before said',
    event('NodeVersionRecorded', ({ data }, { facts }) => {
      const before = facts.nodes.get(data.node)
      if (before?.alive !== true || data.ref !== undefined || data.origin !== undefined || data.ownership !== undefined)
        return undefined
      return { data: { set: before.properties, unset: [] } }
    }),
  ],
  [
    'GRAPH 3',
    'a version is caused by what never was',
    event('NodeVersionRecorded', ({ data: { cause } }) =>
      cause.type === 'deployment' ? { data: { cause: { ...cause, deployment: 'none' } } } : undefined,
    ),
  ],
  [
    'GRAPH 4',
    'an edge outlives its end',
    event('EdgeRetired', ({ data }, { append, facts }) => {
      const edge = facts.edges.get(data.edge)
      const goes = append.events.some(
        ({ type, data: { ...told } }) =>
          type === 'NodeRetired' && 'node' in told && (told.node === edge?.from || told.node === edge?.to),
      )
      const ends: readonly (string | undefined)[] = [edge?.from, edge?.to]
      const isBack = append.events.some((told) => told.type === 'NodeVersionRecorded' && ends.includes(told.data.node))
      return goes && !isBack ? { drop: true } : undefined
    }),
  ],
  [
    'GRAPH 5',
    'a graph version is left out',
    event('NodeVersionRecorded', ({ metadata: { graphVersion = 0 } }) => ({
      metadata: { graphVersion: graphVersion + 5 },
    })),
  ],
  [
    'GRAPH 5',
    'an import is visible before it is complete',
    event('ImportCompleted', (told) => ({
      drop: true,
      before: {
        ...told,
        type: 'NodeManaged',
        data: { node: 'bucket/other', reason: 'meanwhile' },
        metadata: { ...told.metadata, graphVersion: 9_999 },
      },
    })),
  ],
  [
    'GRAPH 6',
    'what came back is taken for what it was',
    event('NodeVersionRecorded', ({ data }, { facts }) =>
      facts.nodes.get(data.node)?.alive === false ? { data: { incarnation: data.incarnation - 1 } } : undefined,
    ),
  ],
  [
    'GRAPH 7',
    'an edge leads back',
    moment('answers', ({ edges }) => {
      const [first] = edges
      return first === undefined ? undefined : { edges: [...edges, { ...first, from: first.to, to: first.from }] }
    }),
  ],
  [
    'GRAPH 7',
    'a refusal does not print the cycle',
    moment('command', ({ outcome }) =>
      outcome.status === 'refused' && outcome.code === 'cycle-found'
        ? { outcome: { ...outcome, message: 'no' } }
        : undefined,
    ),
  ],
  [
    'GRAPH 8',
    'a node has what its kind does not know',
    event('NodeVersionRecorded', ({ data }) =>
      kindOf(data.node) === 'bucket' ? { data: { set: { ...data.set, colour: 'red' } } } : undefined,
    ),
  ],
  [
    'GRAPH 8',
    'a model of an unknown kind is taken',
    moment('command', ({ outcome }) =>
      outcome.status === 'refused' && outcome.code === 'kind-unknown' ? { outcome: { status: 'done' } } : undefined,
    ),
  ],
]
