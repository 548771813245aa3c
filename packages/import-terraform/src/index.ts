/**
 * Reads Terraform and OpenTofu states as graphs for `environment.import`, and their plans for `environment.proposeExternal`.
 *
 * @packageDocumentation
 */
export { STATE_LIMITS } from './limits.ts'
export { orderTerraformSeries, readTerraformSeries } from './read-terraform-series.ts'
export type { TerraformSeries, TerraformStateFile } from './read-terraform-series.ts'
export { readTerraformState } from './read-terraform-state.ts'
export type { TerraformStateOptions } from './read-terraform-state.ts'
export { readTerraformPlan } from './plan/read-terraform-plan.ts'
export type { TerraformPlanOptions } from './plan/read-terraform-plan.ts'
export { terraformImportBlocks } from './export/terraform-import-blocks.ts'
export type { ExportedGraph } from './export/terraform-import-blocks.ts'
export type { ExportedNode } from './export/exported-resource.ts'
