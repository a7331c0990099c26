/** Imported before a program: its wall clock is as many hours off as CLOCK_HOURS says. */
import { setClock } from '../histories/clock.ts';

setClock(Number(process.env.CLOCK_HOURS ?? 0));
