import type { Pointer } from '../model/pointer.ts';
import type { ProblemCode } from '../model/problem.ts';

/** Where in the repository's text something stands: a value (or its key) in one document of one file. */
export interface Origin {
  path: string;
  /** The document's index in the file. */
  index: number;
  pointer: Pointer;
  /** True where the key is meant and not its value. */
  key?: boolean;
}

/** A problem before its line is known: lines are looked up only for what goes wrong. */
export interface Finding {
  code: ProblemCode;
  message: string;
  at: Origin;
  resource?: string;
  pointer?: Pointer;
}

/** A problem within a file, as its parse found it; it is cached with the parse and knows no path. */
export interface LocalProblem {
  code: ProblemCode;
  message: string;
  /** The document that it spoils. */
  index: number;
  line: number;
  column: number;
  /** True where only resources may not hold it: no problem in the YAML of another tool. */
  fineElsewhere?: boolean;
}
