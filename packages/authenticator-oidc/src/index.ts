export { oidcAuthenticator } from './oidc-authenticator.ts'
export { ALGORITHMS, OIDC_LIMITS } from './options.ts'
export type { Algorithm, OidcOptions } from './options.ts'
