import { unreachable } from '../../../lib/errors.ts';
import { addFlow, deleteFlowStrict } from '../../openflow/flows.ts';
import type { Message } from '../../openflow/message.ts';
import { addMeter, deleteMeter, modifyMeter } from '../../openflow/meters.ts';
import type { OpenFlowWrite } from './aims.ts';
import { meterIn } from './ids.ts';

/** The message that does it. */
export function messageFor(write: OpenFlowWrite): Message {
  switch (write.kind) {
    case 'addMeter':
      return addMeter(write.meter);
    case 'modifyMeter':
      return modifyMeter(write.meter);
    case 'deleteMeter':
      return deleteMeter(write.meterId);
    case 'addFlow':
      return addFlow(write.flow);
    case 'deleteFlow':
      return deleteFlowStrict(write.flow);
    default:
      return unreachable(write);
  }
}

/** The meter that it is about, as its flow names it; 0: none. */
export function meterOf(write: OpenFlowWrite): number {
  switch (write.kind) {
    case 'addMeter':
    case 'modifyMeter':
      return write.meter.id;
    case 'deleteMeter':
      return write.meterId;
    case 'addFlow':
    case 'deleteFlow':
      return meterIn(write.flow.cookie);
    default:
      return unreachable(write);
  }
}
