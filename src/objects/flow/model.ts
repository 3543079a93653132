import type { JsonObject } from '../../model/json.ts';
import type { Pointer } from '../../model/pointer.ts';

/** An Architect flow as its YAML says it, parsed. Pointers are within the whole file: `/inboundCall/tasks/0/task/name`. */
export interface FlowFile {
  /** The one top key: `inboundCall`. */
  type: string;
  /** The whole file as a tree: `{ inboundCall: { name, startUpRef, tasks, ... } }`. */
  tree: JsonObject;
  /** What stands under the top key. */
  body: JsonObject;
  /** Where a value stands in the text that was parsed (or its key, with `key`), counted in characters from 0. */
  offsetOf(pointer: Pointer, key?: boolean): number;
}

/** One `callData` step: a data action that the flow calls. */
export interface Call {
  /**
   * Unique within the flow, and stable against reordering, inserting and new refIds: the names of its task, state or menu
   * and of the step, `Main › Look up`; the second of one name is `Main › Look up (2)`. A step without a name goes by the data
   * action that it calls.
   */
  key: string;
  /** By the data action in any case, `Main › [Get Customer]`: Genesys names the steps that a file does not. */
  byAction: string;
  /** How people find it: by the step's own name, numbered alike, `Main › Look up`. */
  title: string;
  /** The step's name; where it has none, the data action's. */
  label: string;
  /** True where the step has a name of its own. */
  named: boolean;
  /** The name of the task, state, menu, bot, ... that it stands in. */
  container: string;
  /** Of the value of `callData`. */
  pointer: Pointer;
  /** The data action, as flows address it. */
  category: string;
  action: string;
  /** `15s`, `2500ms`, `1m`; an expression as `= MakeDuration(0, 0, 0, 15)`; absent where there is none (or `noValue`). */
  timeout?: string;
}

/** Something wrong in a flow file, with its place in the text that was parsed. */
export interface Flaw {
  code: import('../../model/problem.ts').ProblemCode;
  message: string;
  /** Characters from 0. */
  offset: number;
}
