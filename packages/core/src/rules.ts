/**
 * The rules as pure functions: what tests of rules, property tests and simulations work on. Most users never need this.
 *
 * @packageDocumentation
 */
export { emptyState, evolve } from './environment/state.ts'
export type { EnvironmentState } from './environment/state.ts'
export { eventSchemas } from './environment/catalogue.ts'
export type { DomainEvent, EventData, EventMetadata, EventType, LedgerEvent } from './environment/catalogue.ts'
export { stampEvents } from './environment/stamp.ts'
export type { CommandContext, Decide, Decision } from './environment/decision.ts'
export { kindCatalogue } from './graph/kind-catalogue.ts'
export type { KindCatalogue } from './graph/kind-catalogue.ts'
export { standardKinds } from './graph/standard-kinds.ts'
