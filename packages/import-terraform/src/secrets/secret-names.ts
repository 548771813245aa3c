/**
 * Names of attributes (at any depth, in any case: `DB_PASSWORD`, `clientSecret`) whose text is a secret even where no mark says so,
 * because states from before Terraform 0.14 mark nothing, later ones mark only what came from sensitive variables, and providers
 * forget. Rather too many than too few: a fingerprint still shows that a value changed. `user_data` and `custom_data` are no secrets by
 * themselves, but often hold some.
 */
const SECRET_NAME = new RegExp(
  [
    'password|passwd|passphrase',
    '(?:^|_)(?:pass|pwd|token|secret)',
    'secret_(?:key|key_base|access_key|string|binary|data|text)',
    '(?:^|_)private_key(?:_pem|_openssh|_pem_pkcs8|_base64)?',
    '(?:^|_)(?:access|client|api|app|auth|account|shared|master|signing|encryption|license|raw)_key(?:_pem)?',
    '(?:^|_)(?:pre_?shared|primary|secondary)(?:_[a-z]+)*_key',
    'key_string|access_key_secret|basic_auth_credentials|credentials_json|certificate_p12',
    '(?:^|_)(?:connection_string|conn_str|sas_url)',
    '(?:^|_)kube_?(?:admin_)?config(?:_raw|_yaml)?|raw_config|plaintext_value',
    'user_data(?:_base64)?|custom_data',
  ]
    .map((alternative) => `(?:${alternative})$`)
    .join('|'),
)

/** What points at a secret or key instead of being one. */
const REFERENCE = /^(?:arn:|projects\/|\/subscriptions\/|https:\/\/[^/]+\.vault\.azure\.net\/|\{\{resolve:|alias\/)/

/** Whether a text under this name is taken for a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(/[^a-z0-9_]/.test(name) ? snakeCase(name) : name)
}

function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
}

/** Whether a text says where a secret is, which may be kept. */
export function isReferenceToSecret(text: string): boolean {
  return REFERENCE.test(text)
}
