import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { GraphDraft, NodeChange } from '../graph/build.ts'
import type { Cause } from '../graph/cause.ts'
import type { NodeId } from '../graph/ids.ts'
import { newestVersion } from '../graph/state.ts'
import type { JsonValue } from '../json.ts'
import { alertFor, raise } from './alerts.ts'
import { compareValues, hasNone } from './compare.ts'
import { DECIDED_BY } from './decide-property.ts'
import { lastSeen } from './last-observed.ts'
import type { News } from './news.ts'

/** The news of one node from one observation. */
export type NodeNews = {
  readonly node: NodeId
  readonly observation: string
  readonly observedAt: string
  readonly news: readonly News[]
  /** The provider's handle, where it tells more than the recorded one. */
  readonly ref?: ProviderRef
  /** When the properties were last seen as recorded; found out from scans and versions where it is left out. */
  readonly lastSeenAt?: string | undefined
}

/**
 * Turns a node's news into events: what was detected, then one version for each cause (drift, first readings, each converged request, each deployment
 * whose deferred values landed), what that means for requests, and the alerts.
 */
export function recordNews(
  state: EnvironmentState,
  draft: GraphDraft,
  told: NodeNews,
  context: CommandContext,
): readonly DomainEvent[] {
  const { node, observation, observedAt, news } = told
  const lastSeenAt = notAfter(
    observedAt,
    told.lastSeenAt ??
      lastSeen(
        state,
        node,
        news.map(({ question }) => question.property),
      ),
  )
  const seen = lastSeenAt === undefined ? {} : { lastSeenAt }
  const version = newestVersion(state.graph, node)?.version ?? 0

  const [changed, first] = [news.filter(isDrift), news.filter(isFirstReading)]
  const onlyFirst = changed.length === 0 && first.length > 0
  const ref = told.ref === undefined ? {} : { ref: told.ref }
  const drifted = onlyFirst
    ? undefined
    : draft.nodeVersion(node, {
        ...changeOf(changed),
        cause: { type: 'drift', observation, ...seen },
        effectiveAt: observedAt,
        ...ref,
      })
  const firstSeen = draft.nodeVersion(node, {
    ...changeOf(first),
    cause: { type: 'drift', observation, firstReading: true },
    effectiveAt: observedAt,
    ...(onlyFirst ? ref : {}),
  })
  const wanted = [
    ...convergedRequests(news, observation),
    ...landedSteps(news),
    ...announcedChanges(news, { observation, ...seen }),
  ]
  const versions = wanted.map(({ cause, members }) =>
    draft.nodeVersion(node, { ...changeOf(members), cause, effectiveAt: observedAt }),
  )

  const adopting = changed.length === 0 ? firstSeen : drifted
  const adopted = adopting === undefined ? {} : { adoptedVersion: adopting.data.version }
  const decisions = news.map(({ decision }) => decision)
  const detected: DomainEvent = {
    type: 'DriftDetected',
    data: { observation, node, version, ...adopted, ...seen, decisions },
    effectiveAt: observedAt,
  }
  return [
    ...(news.length === 0 ? [] : [detected]),
    ...[drifted, firstSeen, ...versions].filter((event) => event !== undefined),
    ...convergedEvents(news, observation),
    ...appliedEvents(news),
    ...news.flatMap((item) => {
      const alert = alertFor(node, item)
      return alert === undefined ? [] : raise(state, alert, context.newId)
    }),
  ]
}

/** What the world changed: adopted values, and those that went beyond what a request asked for (a disk that grew by itself). */
function isDrift(item: News): boolean {
  const { question, decision } = item
  if (decision.decision === 'adopted') return !isFirstReading(item)
  return (
    decision.decision === 'converged' &&
    compareValues(question.definition, question.request?.value, question.observed) !== 'same'
  )
}

/** What was not looked at before: nobody is known to have changed it, so it is a version of its own. */
function isFirstReading({ decision }: News): boolean {
  return decision.decision === 'adopted' && decision.decidedBy === DECIDED_BY.firstReading
}

type Caused = { readonly cause: Cause; readonly members: readonly News[] }

function convergedRequests(news: readonly News[], observation: string): readonly Caused[] {
  const converged = news.filter((item) => item.decision.decision === 'converged' && !isDrift(item))
  const byRequest = Map.groupBy(converged, ({ decision }) => decision.request ?? '')
  return [...byRequest].map(([request, members]) => ({
    cause: { type: 'change-request', request, observation },
    members,
  }))
}

/** Values that a deployment had written and the provider had put off: they keep the lineage of the step that asked for them. */
function landedSteps(news: readonly News[]): readonly Caused[] {
  const landed = news.filter(({ decision }) => decision.decision === 'landed')
  const byStep = Map.groupBy(landed, ({ question }) => `${question.ours?.deployment}|${question.ours?.step}`)
  return [...byStep.values()].map((members) => {
    const requests = [...new Set(members.flatMap(({ decision }) => decision.request ?? []))]
    const { deployment = '', step = '' } = members[0]?.question.ours ?? {}
    return { cause: { type: 'deployment', deployment, step, requests }, members }
  })
}

/** What plans announced that another tool carried out: the doing of those deployments, and no drift. */
function announcedChanges(
  news: readonly News[],
  seen: { readonly observation: string; readonly lastSeenAt?: string },
): readonly Caused[] {
  const announced = news.filter(({ decision }) => decision.decision === 'announced')
  const byDeployment = Map.groupBy(announced, ({ question }) => question.announced ?? '')
  return [...byDeployment].map(([deployment, members]) => ({
    cause: { type: 'external-deployment', deployment, ...seen },
    members,
  }))
}

/** Requests that are observed already (CHANGE 7), exceeded ones included. */
function convergedEvents(news: readonly News[], observation: string): readonly DomainEvent[] {
  const converged = news.filter(({ decision }) => decision.decision === 'converged')
  return [...byRequest(converged)].map(([request, properties]) => ({
    type: 'ChangeConverged',
    data: { request, observation, properties },
  }))
}

/** Requests whose deferred values landed: the deployment that wrote them applied them. */
function appliedEvents(news: readonly News[]): readonly DomainEvent[] {
  const landed = news.filter(({ decision }) => decision.decision === 'landed')
  const byDeployment = Map.groupBy(landed, ({ question }) => question.ours?.deployment ?? '')
  return [...byDeployment].flatMap(([deployment, members]) =>
    [...byRequest(members)].map(([request, properties]): DomainEvent => ({
      type: 'ChangeApplied',
      data: { request, deployment, properties },
    })),
  )
}

function byRequest(news: readonly News[]): ReadonlyMap<string, string[]> {
  const properties = new Map<string, string[]>()
  for (const { decision } of news) {
    if (decision.request === undefined) continue
    properties.set(decision.request, [...(properties.get(decision.request) ?? []), decision.property])
  }
  return properties
}

function changeOf(news: readonly News[]): Pick<NodeChange, 'set' | 'unset'> {
  const set: Record<string, JsonValue> = {}
  const unset: string[] = []
  for (const { question } of news) {
    if (hasNone(question.observed)) unset.push(question.property)
    else set[question.property] = question.observed
  }
  return { set, unset }
}

/** Clocks differ: a last sight after the observation says nothing. */
function notAfter(observedAt: string, lastSeenAt: string | undefined): string | undefined {
  return lastSeenAt === undefined || Date.parse(lastSeenAt) > Date.parse(observedAt) ? undefined : lastSeenAt
}
