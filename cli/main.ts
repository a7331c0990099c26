import { runProgram } from '../lib/program.ts';
import { withWaitSeconds } from './commands/arguments.ts';
import { createProgram } from './program.ts';

await runProgram(createProgram(), withWaitSeconds(process.argv));
