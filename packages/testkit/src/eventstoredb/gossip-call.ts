import { randomUUID } from 'node:crypto'
import gossip from '@eventstore/db-client/generated/gossip_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import type { sendUnaryData } from '@grpc/grpc-js'
import type { ServerNode } from './node.ts'
import type { NodeAddress } from './rpc-errors.ts'

const { ClusterInfo, EndPoint, MemberInfo } = gossip
const { FOLLOWER, LEADER } = MemberInfo.VNodeState

/** `Gossip.Read`: who is in the cluster, as far as this node knows: itself, and the leader that it follows. */
export function gossipCall(node: ServerNode, answer: sendUnaryData<gossip.ClusterInfo>): void {
  const leader = node.leader()
  const members = [member(node.address(), leader === undefined ? LEADER : FOLLOWER)]
  if (leader !== undefined) members.push(member(leader, LEADER))
  answer(null, new ClusterInfo().setMembersList(members))
}

function member({ address, port }: NodeAddress, state: gossip.MemberInfo.VNodeState): gossip.MemberInfo {
  return new MemberInfo()
    .setInstanceId(new shared.UUID().setString(randomUUID()))
    .setTimeStamp('0')
    .setState(state)
    .setIsAlive(true)
    .setHttpEndPoint(new EndPoint().setAddress(address).setPort(port))
}
