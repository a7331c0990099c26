import { unreachable } from '../../../lib/errors.ts';
import { addFlow, deleteFlowStrict } from '../../openflow/flows.ts';
import type { Message } from '../../openflow/message.ts';
import { addMeter, deleteMeter, modifyMeter } from '../../openflow/meters.ts';
import type { OpenFlowWrite } from './aims.ts';

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
