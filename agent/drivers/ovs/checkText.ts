import { unreachable } from '../../../lib/errors.ts';
import type { Check, Device } from './aims.ts';
import { flowKey } from './flows.ts';
import type { PoliceReading } from './tcText.ts';

/** All of a check in one string: two checks with the same text ask for the same. */
export function checkText(check: Check): string {
  switch (check.kind) {
    case 'htb':
      return `htb ${deviceText(check.device)} ${check.row} ${check.rateKbps} ${check.burstKbps}`;
    case 'guarantee':
      return `guarantee ${deviceText(check.device)} ${check.row} ${check.queueId} ${check.minKbps} ${check.maxKbps}`;
    case 'guaranteeAbsent':
      return `guaranteeAbsent ${deviceText(check.device)} ${check.queueId}`;
    case 'police':
      return `police ${deviceText(check.device)} ${check.row} ${policeText(check)}`;
    case 'htbAbsent':
    case 'policeAbsent':
      return `${check.kind} ${deviceText(check.device)}`;
    case 'meter': {
      const bands = check.meter.bands.map(({ rate, burst }) => `${rate}/${burst}`);
      return `meter ${check.bridge} ${check.meter.id} ${check.meter.unit} ${bands}`;
    }
    case 'meterAbsent':
      return `meterAbsent ${check.bridge} ${check.meterId}`;
    case 'flow': {
      const { flow } = check;
      const dscp = flow.actions.find((action) => action.type === 'setIpDscp')?.dscp;
      const queue = flow.actions.find((action) => action.type === 'setQueue')?.queueId;
      return `flow ${check.bridge} ${flowKey(flow)} ${flow.cookie} ${flow.meter} ${dscp} ${queue}`;
    }
    case 'flowAbsent':
      return `flowAbsent ${check.bridge} ${flowKey(check.flow)}`;
    default:
      return unreachable(check);
  }
}

function policeText({ rateKbps, burstKbps, rateKpps, burstKpps }: PoliceReading): string {
  return `${rateKbps}/${burstKbps} ${rateKpps}/${burstKpps}`;
}

function deviceText({ name, ifindex }: Device): string {
  return `${name} ${ifindex}`;
}
