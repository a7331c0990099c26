import { afterAll, beforeAll, expect, test } from 'vitest';
import { filtersAndSettings } from './everyCommand/filters.ts';
import { hostsAndPorts } from './everyCommand/hosts.ts';
import { listsInEveryFormat } from './everyCommand/lists.ts';
import { rulesOnTheSwitch } from './everyCommand/rules.ts';
import { openStage, type Stage } from './everyCommand/stage.ts';

/*
 * Every command, option and format of sluice, run as the program that it is against a server, an agent and an
 * Open vSwitch. The files of this folder run in this order, on the same ones.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

rulesOnTheSwitch(() => stage);
hostsAndPorts(() => stage);
listsInEveryFormat(() => stage);
filtersAndSettings(() => stage);

test('nothing that is declared was left out, and every exit code was seen', async () => {
  expect(stage.use.unused()).toEqual([]);
  expect([...stage.use.exitCodes].sort()).toEqual([0, 1, 130, 2, 3, 4, 5, 6]);
});
