import { textAt } from '../state/attributes.ts'
import type { TypeTranslation } from './type-translation.ts'

/** SNS topics; a FIFO topic keeps the order. */
export const awsSnsTopic: TypeTranslation = {
  kind: 'topic',
  neutral: { fifo_topic: { to: 'ordered', as: 'flag' } },
  labels: ['tags_all', 'tags'],
}

/** Pub/Sub topics; order is a matter of their subscriptions. */
export const googlePubsubTopic: TypeTranslation = {
  kind: 'topic',
  labels: ['effective_labels', 'labels', 'terraform_labels'],
}

/** Pub/Sub subscriptions; durations are texts such as `604800s`. */
export const googlePubsubSubscription: TypeTranslation = {
  kind: 'subscription',
  neutral: { ack_deadline_seconds: { to: 'ackDeadlineSeconds', as: 'number' } },
  labels: ['effective_labels', 'labels', 'terraform_labels'],
  derive(attributes) {
    const seconds = /^(\d+)s$/.exec(textAt(attributes, 'message_retention_duration') ?? '')?.[1]
    if (seconds === undefined) return { properties: {}, said: [] }
    return { properties: { retentionSeconds: Number(seconds) }, said: ['message_retention_duration'] }
  },
}
