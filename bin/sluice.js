#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { launch } from './launch.js';

// Node keeps what it compiled: the second start takes half the time of the first. In the user's own
// cache, not in Node's default below /tmp, where others could put code for us to run.
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice');
process.env.NODE_COMPILE_CACHE ??= cache;
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);

await launch('cli/main.ts');
