/**
 * Members of an RDS `DBInstance` that are not read, with the reason. A test holds this list, what is read and AWS's own model against
 * each other, so that nothing is forgotten silently.
 */
export const LEFT_OUT_MEMBERS: { readonly [member: string]: string } = {
  StatusInfos: 'moment of a replica',
  DbInstancePort: 'zero on everything but old custom instances; Endpoint.Port is the port',
  ListenerEndpoint: 'output of SQL Server Always On',
  ResumeFullAutomationModeTime: 'end of a pause, not a setting',
  AutomaticRestartTime: 'moment at which a stopped instance starts again',
  PercentProgress: 'progress',
  StorageVolumeStatus: 'progress',
  StorageOperationStatus: 'progress',
  StorageOperationPercentProgress: 'progress',
}
