import type { Attributes } from '../state/attributes.ts'

/**
 * Attributes that are secret by what their resource is, beyond what their names say. From the providers' documentation ("Sensitive" in
 * the attribute reference) as of 2026; paths are dotted, steps into lists are left out.
 */
const BY_TYPE: { readonly [type: string]: readonly string[] } = {
  aws_api_gateway_api_key: ['value'],
  aws_appsync_api_key: ['key'],
  aws_iam_access_key: ['secret', 'ses_smtp_password_v4'],
  aws_vpn_connection: ['customer_gateway_configuration'],
  azuread_application_password: ['value'],
  azuread_service_principal_password: ['value'],
  azurerm_key_vault_secret: ['value'],
  circleci_environment_variable: ['value'],
  cloudflare_api_token: ['value'],
  consul_acl_token_secret_id: ['secret_id'],
  gitlab_group_variable: ['value'],
  gitlab_project_variable: ['value'],
  heroku_app_config_association: ['sensitive_vars'],
  helm_release: ['values', 'set_sensitive', 'metadata.values', 'metadata.notes', 'manifest'],
  kubernetes_secret: ['data', 'binary_data'],
  kubernetes_secret_v1: ['data', 'binary_data'],
  kubernetes_secret_v1_data: ['data'],
  local_sensitive_file: ['content', 'content_base64'],
  random_bytes: ['base64', 'hex'],
  random_password: ['result', 'bcrypt_hash'],
  tfe_variable: ['value'],
  vault_approle_auth_backend_login: ['secret_id', 'client_token'],
  vault_approle_auth_backend_role_secret_id: ['secret_id', 'wrapping_token'],
  vault_generic_secret: ['data', 'data_json'],
  vault_kv_secret: ['data', 'data_json'],
  vault_kv_secret_v2: ['data', 'data_json'],
}

/** Paths of the attributes of this type that are secret. */
export function secretAttributes(type: string, attributes: Attributes): readonly string[] {
  if (type !== 'aws_ssm_parameter') return BY_TYPE[type] ?? []
  // Parameters are public text unless they are of type SecureString.
  return attributes['type'] === 'String' || attributes['type'] === 'StringList' ? [] : ['value']
}
