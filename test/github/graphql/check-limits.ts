// What GitHub refuses before it executes a query: connections without `first` or `last`, more than 100 items a page,
// more than 100 ids, more than 500,000 possible nodes. The same walk counts what the query costs.

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import type { ProblemType } from "./problem.ts";

export interface QueryCost {
  readonly errors: readonly GraphQLError[];
  readonly points: number;
  readonly nodeCount: number;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly errors: GraphQLError[];
  requests: number;
  nodes: number;
}

interface Place {
  readonly type: GraphQLNamedType;
  readonly path: readonly string[];
  /** how many objects of the type there may be */
  readonly times: number;
}

const pageLimit = 100;
const nodeLimit = 500_000;

export function checkLimits(
  schema: GraphQLSchema,
  {
    document,
    operation,
    variables,
  }: {
    readonly document: DocumentNode;
    readonly operation: OperationDefinitionNode;
    readonly variables: Readonly<Record<string, unknown>>;
  },
): QueryCost {
  const fragments = document.definitions.flatMap((one) =>
    one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
  );
  const walk: Walk = { schema, fragments: new Map(fragments), variables, errors: [], requests: 0, nodes: 0 };
  const type = schema.getRootType(operation.operation);
  if (type) walkSelections(walk, operation.selectionSet, { type, path: [], times: 1 });
  if (walk.nodes > nodeLimit) {
    const [count, limit] = [walk.nodes, nodeLimit].map((value) => value.toLocaleString("en-US"));
    const message = `This query requests up to ${count} possible nodes which exceeds the maximum limit of ${limit}.`;
    walk.errors.push(limitError("MAX_NODE_LIMIT_EXCEEDED", message));
  }
  return { errors: walk.errors, points: Math.max(1, Math.round(walk.requests / 100)), nodeCount: walk.nodes };
}

function walkSelections(walk: Walk, selections: SelectionSetNode, place: Place): void {
  for (const selection of selections.selections) {
    switch (selection.kind) {
      case Kind.FIELD:
        walkField(walk, selection, place);
        break;
      case Kind.INLINE_FRAGMENT: {
        const type = selection.typeCondition && walk.schema.getType(selection.typeCondition.name.value);
        walkSelections(walk, selection.selectionSet, { ...place, type: type ?? place.type });
        break;
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = walk.fragments.get(selection.name.value);
        const type = fragment && walk.schema.getType(fragment.typeCondition.name.value);
        if (fragment && type) walkSelections(walk, fragment.selectionSet, { ...place, type });
        break;
      }
    }
  }
}

function walkField(walk: Walk, node: FieldNode, place: Place): void {
  if (!isObjectType(place.type) && !isInterfaceType(place.type)) return;
  const field = place.type.getFields()[node.name.value];
  if (field === undefined || node.selectionSet === undefined) return;
  const path = [...place.path, node.alias?.value ?? node.name.value];
  const type = getNamedType(field.type);
  const below = (times: number) => walkSelections(walk, node.selectionSet as SelectionSetNode, { type, path, times });
  const args = getArgumentValues(field, node, walk.variables);
  if (Array.isArray(args.ids) && type.name === "Node") {
    const message = `You may not provide more than ${pageLimit} node ids; you provided ${args.ids.length}.`;
    if (args.ids.length > pageLimit) walk.errors.push(limitError("ARGUMENT_LIMIT", message, { node, path }));
    below(place.times * args.ids.length);
  } else if (isConnection(field)) {
    const size = checkPage(walk, { node, args, path });
    walk.requests += place.times;
    walk.nodes += place.times * size;
    below(place.times * size);
  } else below(place.times);
}

function isConnection(field: GraphQLField<unknown, unknown>): boolean {
  return getNamedType(field.type).name.endsWith("Connection") && field.args.some(({ name }) => name === "first");
}

/** Answers with how many items the page may hold; a connection of which only counts are asked needs no limit. */
function checkPage(
  walk: Walk,
  {
    node,
    args,
    path,
  }: {
    readonly node: FieldNode;
    readonly args: Readonly<Record<string, unknown>>;
    readonly path: readonly string[];
  },
): number {
  const name = node.name.value;
  const given = (["first", "last"] as const).filter((key) => typeof args[key] === "number");
  if (given.length === 0) {
    if (!asksForItems(walk, node.selectionSet)) return 0;
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
    walk.errors.push(limitError("MISSING_PAGINATION_BOUNDARIES", message, { node, path }));
    return 0;
  }
  const size = Number(args[given[0] ?? "first"]);
  if (size > pageLimit) {
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`${given[0]}\` limit of ${pageLimit} records.`;
    walk.errors.push(limitError("EXCESSIVE_PAGINATION", message, { node, path }));
  }
  if (size < 1) {
    const message = `\`${given[0]}\` on the \`${name}\` connection must be between 1 and ${pageLimit}.`;
    walk.errors.push(limitError("ARGUMENT_LIMIT", message, { node, path }));
  }
  if (given.length > 1) {
    const message = `Passing both \`first\` and \`last\` to paginate the \`${name}\` connection is not supported.`;
    walk.errors.push(limitError("ARGUMENT_LIMIT", message, { node, path }));
  }
  return Math.min(pageLimit, Math.max(0, size));
}

function asksForItems(walk: Walk, selections: SelectionSetNode | undefined): boolean {
  return (selections?.selections ?? []).some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === "nodes" || selection.name.value === "edges";
    if (selection.kind === Kind.INLINE_FRAGMENT) return asksForItems(walk, selection.selectionSet);
    return asksForItems(walk, walk.fragments.get(selection.name.value)?.selectionSet);
  });
}

function limitError(
  type: ProblemType,
  message: string,
  at?: { readonly node: FieldNode; readonly path: readonly string[] },
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { type },
    ...(at === undefined ? {} : { nodes: at.node, path: at.path }),
  });
}
