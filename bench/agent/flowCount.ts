import type { Connection } from '../../agent/openflow/connection.ts';
import { type FlowFilter, flowStatsRequest } from '../../agent/openflow/flows.ts';

/** OFPMP_AGGREGATE (OpenFlow 1.3 §A.3.5.3) is asked as OFPMP_FLOW is. */
const aggregate = 2;
/** The multipart header, and the counts of packets and bytes. */
const flowCountAt = 8 + 16;

/** How many flows there are: by their sum, which the switch has at once, since to list them keeps it from its work. */
export async function countFlows(connection: Connection, filter: FlowFilter): Promise<number> {
  const request = flowStatsRequest(filter);
  request.body.writeUInt16BE(aggregate, 0);
  const [outcome] = await connection.transact([request]);
  if (outcome?.error) throw outcome.error;
  const [reply] = outcome?.replies ?? [];
  if (!reply) throw new Error('The switch has not said how many flows it has.');
  return reply.body.readUInt32BE(flowCountAt);
}
