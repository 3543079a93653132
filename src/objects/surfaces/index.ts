import type { Surface } from '../../model/surface.ts';
import { platform } from './platform.ts';
import { tutorial } from './tutorial.ts';

/** The families of endpoints that objects are of. Apart from the objects, since who reads the daemon's file needs none of them. */
export const surfaces: readonly Surface[] = [platform, tutorial];
