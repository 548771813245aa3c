/** The three phases of a deployment, in their order (DEPLOY 3). */
export const PHASES = ['provision', 'deploy', 'cleanup'] as const

/** One of the three phases. */
export type Phase = (typeof PHASES)[number]
