import { type ByteReader, ByteWriter } from './bytes.ts';
import { type Message, messageType } from './message.ts';
import { entries, multipartRequest, multipartType } from './multipart.ts';

/** Drops what goes beyond a rate. */
export interface DropBand {
  /** In the meter's unit: kilobits (1000 bit) or packets per second. */
  readonly rate: number;
  /** Kilobits or packets; null: the switch's default, one second's worth in Open vSwitch. */
  readonly burst: number | null;
}

export type MeterUnit = 'kbps' | 'pktps';

export interface Meter {
  /** 1 to 0xffff0000. */
  readonly id: number;
  readonly unit: MeterUnit;
  readonly bands: readonly DropBand[];
}

export interface MeterStats {
  readonly id: number;
  readonly flowCount: number;
  readonly packetsIn: bigint;
  readonly bytesIn: bigint;
  readonly durationMs: number;
  /** What each band dropped, in the order of the meter's bands. */
  readonly bands: readonly { readonly packets: bigint; readonly bytes: bigint }[];
}

export interface MeterFeatures {
  /** How many meters the bridge can hold; 0: none. */
  readonly maxMeters: number;
  readonly maxBands: number;
  readonly canDrop: boolean;
  readonly units: readonly MeterUnit[];
  readonly canBurst: boolean;
}

/** §A.3.4.5: enum ofp_meter_flags; the same bits are the capabilities of §A.3.5.14. */
const flag = { kbps: 1, pktps: 2, burst: 4, stats: 8 };
const dropBandType = 1;
const allMeters = 0xffff_ffff;

/** The switch refuses it with METER_EXISTS where there is one of that id. */
export function addMeter(meter: Meter): Message {
  return meterMod(0, meter);
}

/** Changes a meter in place: its flows stay, its counters start again. UNKNOWN_METER where there is none. */
export function modifyMeter(meter: Meter): Message {
  return meterMod(1, meter);
}

/** Also deletes the flows that use it (§6.4). No meter of that id: nothing to do, and no error. */
export function deleteMeter(id: number): Message {
  return meterMod(2, { id, unit: 'kbps', bands: [] });
}

/** One meter's, or all. The switch refuses an id that it has not with UNKNOWN_METER. */
export function meterConfigRequest(id = allMeters): Message {
  return meterRequest(multipartType.meterConfig, id);
}

export function meterStatsRequest(): Message {
  return meterRequest(multipartType.meter, allMeters);
}

export function meterFeaturesRequest(): Message {
  return multipartRequest(multipartType.meterFeatures);
}

export function decodeMeterConfigs(replies: readonly Message[]): Meter[] {
  return entries(replies, (reader) => {
    const length = reader.uint16();
    const flags = reader.uint16();
    const id = reader.uint32();
    const bands = decodeBands(reader.slice(length - 8), (flags & flag.burst) !== 0);
    return { id, unit: unitOf(flags), bands };
  });
}

export function decodeMeterStats(replies: readonly Message[]): MeterStats[] {
  return entries(replies, readMeterStats);
}

/** One entry of a reply. */
export function readMeterStats(reader: ByteReader): MeterStats {
  const id = reader.uint32();
  const length = reader.uint16();
  reader.skip(6);
  const body = reader.slice(length - 12);
  return {
    id,
    flowCount: body.uint32(),
    packetsIn: body.uint64(),
    bytesIn: body.uint64(),
    durationMs: body.uint32() * 1000 + Math.floor(body.uint32() / 1e6),
    bands: decodeBandStats(body),
  };
}

/** The one structure of §A.3.5.14; nothing in the reply: no meters. */
export function decodeMeterFeatures(replies: readonly Message[]): MeterFeatures {
  const [features = noFeatures] = entries(replies, decodeFeatures);
  return features;
}

const noFeatures: MeterFeatures = {
  maxMeters: 0,
  maxBands: 0,
  canDrop: false,
  units: [],
  canBurst: false,
};

function decodeFeatures(reader: ByteReader): MeterFeatures {
  const maxMeters = reader.uint32();
  const bandTypes = reader.uint32();
  const capabilities = reader.uint32();
  const maxBands = reader.uint8();
  reader.skip(3);
  return {
    maxMeters,
    maxBands,
    canDrop: (bandTypes & (1 << dropBandType)) !== 0,
    units: (['kbps', 'pktps'] as const).filter((unit) => (capabilities & flag[unit]) !== 0),
    canBurst: (capabilities & flag.burst) !== 0,
  };
}

function meterRequest(
  type: typeof multipartType.meter | typeof multipartType.meterConfig,
  id: number,
): Message {
  return multipartRequest(type, new ByteWriter().uint32(id).zeros(4).finish());
}

function meterMod(command: number, { id, unit, bands }: Meter): Message {
  const hasBurst = bands.some(({ burst }) => burst !== null);
  const writer = new ByteWriter()
    .uint16(command)
    .uint16(flag[unit] | flag.stats | (hasBurst ? flag.burst : 0))
    .uint32(id);
  for (const { rate, burst } of bands) {
    writer
      .uint16(dropBandType)
      .uint16(16)
      .uint32(rate)
      .uint32(burst ?? 0)
      .zeros(4);
  }
  return { type: messageType.meterMod, body: writer.finish() };
}

function unitOf(flags: number): MeterUnit {
  return (flags & flag.pktps) === 0 ? 'kbps' : 'pktps';
}

/** Bands of another type than drop are left out. */
function decodeBands(reader: ByteReader, hasBurst: boolean): DropBand[] {
  const bands: DropBand[] = [];
  while (reader.remaining > 0) {
    const type = reader.uint16();
    const body = reader.slice(reader.uint16() - 4);
    const [rate, burst] = [body.uint32(), body.uint32()];
    if (type === dropBandType) bands.push({ rate, burst: hasBurst ? burst : null });
  }
  return bands;
}

function decodeBandStats(reader: ByteReader): { packets: bigint; bytes: bigint }[] {
  const bands: { packets: bigint; bytes: bigint }[] = [];
  while (reader.remaining > 0) bands.push({ packets: reader.uint64(), bytes: reader.uint64() });
  return bands;
}
