import { decimalKey, ExactNumber } from '../../lib/json/index.js';

/** A place in an event's data that some path of a match leads through or to. */
export interface FieldNode {
  /** Null for the data itself. */
  parent: FieldNode | null;
  /** Whether its name may count an array's elements: `0`, `17`. */
  isIndex: boolean;
  /** Whether a match compares what stands here, or paths only lead through. */
  isAsked: boolean;
  /** What it is compared with for equality: of its values, these are worth remembering. */
  constants: Set<unknown>;
  /** The keys of constants that no double holds, by `decimalKey`. */
  exactConstants: Set<string>;
  children: Map<string, FieldNode>;
  /** Those of the children that may count elements. */
  indexes: Map<number, FieldNode>;
}

/** The root of an empty tree. All of an org's policies share one, so that an event is read once for all of them. */
export const createFieldTree = (): FieldNode => newNode(null, false);

/** The node of a path with dots, made when there is none yet. */
export function fieldAt(root: FieldNode, path: string): FieldNode {
  const node = path.split('.').reduce(childOf, root);
  node.isAsked = true;
  return node;
}

/** Has the values that equal this one remembered when the field is read. */
export function addConstant(field: FieldNode, constant: unknown): void {
  if (constant instanceof ExactNumber) field.exactConstants.add(decimalKey(constant.decimal));
  else field.constants.add(constant);
}

function childOf(parent: FieldNode, name: string): FieldNode {
  const known = parent.children.get(name);
  if (known) return known;
  const isIndex = /^(0|[1-9]\d{0,8})$/.test(name);
  const node = newNode(parent, isIndex);
  parent.children.set(name, node);
  if (isIndex) parent.indexes.set(Number(name), node);
  return node;
}

const newNode = (parent: FieldNode | null, isIndex: boolean): FieldNode => ({
  parent,
  isIndex,
  isAsked: false,
  constants: new Set(),
  exactConstants: new Set(),
  children: new Map(),
  indexes: new Map(),
});
