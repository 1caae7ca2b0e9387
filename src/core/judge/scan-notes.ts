import type { JudgedDelta } from '../model/delta.ts';
import type { SteadyCounts } from '../model/judgement.ts';
import { rangesContain } from '../network/address-ranges.ts';
import { PATH_LOST } from './loss.ts';
import type { Survey } from './survey.ts';

/** One line for each path that is back, with what had changed behind it. */
export function outageNotes(survey: Survey, deltas: readonly JudgedDelta[]): string[] {
  return survey.outage.ended.map(({ address, back, members, last }) => {
    const behind = deltas.filter((delta) => delta.state === 'confirmed' && rangesContain(last, delta.address)).length;
    const all = back === members ? `all ${members} hosts answer again` : `${back} of ${members} hosts answer again`;
    if (back === 0)
      return `the path to ${address} works, as other hosts there show: ${members} silent hosts are counted from now on`;
    if (back < members) return `path to ${address} is back: ${all}, the others are counted from now on`;
    const changes =
      behind === 0 ? 'nothing had changed behind it' : `${behind === 1 ? 'one change' : `${behind} changes`} behind it`;
    return `path to ${address} is back: ${all}, ${changes}`;
  });
}

/** So many hosts hard to reach in one scan are worth a word. */
const HARD_TO_REACH = 3;

/** Loss in the middle of a scan: told, so that nobody wonders why nothing was. */
export function lossNotes(survey: Survey, steady: SteadyCounts): string[] {
  return [...timeOutNotes(survey), ...lostProbes(survey, steady)];
}

function timeOutNotes({ readings }: Survey): string[] {
  const timedOut = [...readings.values()].filter(({ observation }) => observation?.timedOut === true).length;
  if (timedOut === 0) return [];
  const hosts = timedOut === 1 ? 'one host' : `${timedOut} hosts`;
  return [`${hosts} took longer than the host timeout: that scan says nothing of the ports there`];
}

function lostProbes(survey: Survey, steady: SteadyCounts): string[] {
  const addresses = [...survey.controls.keys()].filter(
    (address) => !survey.outage.frozen.has(address) && !survey.dark.has(address),
  );
  const others = survey.portMiss('') > PATH_LOST ? steady.hosts : 0;
  const lost = addresses.filter((address) => survey.portMiss(address) > PATH_LOST).length + others;
  if (lost < HARD_TO_REACH) return [];
  return [
    `${lost} of ${addresses.length + steady.hosts} hosts lost many probes in this scan: their silence counts for nothing`,
  ];
}
