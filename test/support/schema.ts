/**
 * Is an answer what Stripe's clients expect?
 *
 * Each named schema is compiled by itself, on first use, with references to other schemas left open; a walk over the
 * answer then visits every embedded object and checks it by its own schema. So a run compiles the few schemas it meets,
 * a union is decided by the object's own `object` field, and an error names the place instead of every alternative.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { component, nameOf, operationFor, type Schema } from './openapi.ts';

const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false });
const compiled = new Map<string, ValidateFunction>();

/** OpenAPI 3.0 → JSON schema; what a reference points to is checked by the walk, here it only has to be an object. */
function toJsonSchema(schema: Schema): Record<string, unknown> {
  if (schema.$ref !== undefined) {
    // A reference may lead to a union with a string in it only through `anyOf`, so an object is all it can be.
    return { type: schema.nullable ? ['object', 'null'] : 'object' };
  }
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'nullable' || key === 'description' || key === 'title' || key === 'format' || key.startsWith('x-'))
      continue;
    // `properties` is walked key by key: real objects have fields named `description` and `title`.
    if (key === 'properties') {
      const properties = Object.entries(value as Record<string, Schema>);
      result[key] = Object.fromEntries(properties.map(([name, property]) => [name, toJsonSchema(property)]));
    } else if (key === 'items') result[key] = toJsonSchema(value as Schema);
    else if (key === 'anyOf') result[key] = (value as Schema[]).map(toJsonSchema);
    else if (key === 'additionalProperties' && typeof value === 'object') result[key] = toJsonSchema(value as Schema);
    else result[key] = value;
  }
  if (!schema.nullable) return result;
  if (schema.type !== undefined) result.type = [schema.type, 'null'];
  else if (schema.anyOf) result.anyOf = [...(result.anyOf as unknown[]), { type: 'null' }];
  if (schema.enum && !schema.enum.includes(null)) result.enum = [...schema.enum, null];
  return result;
}

function validatorFor(key: string, schema: Schema): ValidateFunction {
  let validate = compiled.get(key);
  if (!validate) {
    validate = ajv.compile(toJsonSchema(schema));
    compiled.set(key, validate);
  }
  return validate;
}

function said(error: ErrorObject): string {
  const allowed = error.keyword === 'enum' ? `: ${JSON.stringify(error.params.allowedValues)}` : '';
  return `${error.message ?? error.keyword}${allowed}`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `latest_charge.balance_transaction` asks for `latest_charge` too. */
function expanded(requestExpand: readonly string[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const path of requestExpand) {
    const parts = path.split('.');
    for (let length = 1; length <= parts.length; length += 1) paths.add(parts.slice(0, length).join('.'));
  }
  return paths;
}

/** Real, and missing from the description: the event of a payment that arrived, and a code of errors within objects. */
function isUnlisted(key: string, { instancePath }: ErrorObject, value: unknown): boolean {
  if (!isObject(value)) return false;
  if (key === 'event') return instancePath === '/type' && value.type === 'payment.created';
  const [, field = '', inner] = instancePath.split('/');
  const error = value[field];
  return inner === 'code' && isObject(error) && error.code === 'insufficient_capabilities_for_transfer';
}

/** One answer under examination. `at` is the place in the answer, `path` the same as `expand` would spell it. */
class Examination {
  readonly violations: string[] = [];
  readonly expand: ReadonlySet<string>;

  constructor(requestExpand: readonly string[]) {
    this.expand = expanded(requestExpand);
  }

  /** A schema with a name, or an operation's own: its shape by the compiled validator, then everything inside it. */
  checkWhole(key: string, schema: Schema, value: unknown, at: string, path: string): void {
    const validate = validatorFor(key, schema);
    if (!validate(value)) {
      for (const error of validate.errors ?? []) {
        if (isUnlisted(key, error, value)) continue;
        this.violations.push(`${at}${error.instancePath}: ${said(error)} (${key})`);
      }
    }
    this.walk(schema, value, at, path, true);
  }

  checkNamed(name: string, value: unknown, at: string, path: string): void {
    const schema = component(name);
    if (!schema) this.violations.push(`${at}: the API description has no schema ${name}`);
    else if (schema.anyOf) this.walk(schema, value, at, path, false);
    else this.checkWhole(name, schema, value, at, path);
  }

  walk(schema: Schema, value: unknown, at: string, path: string, named: boolean): void {
    if (value === null || value === undefined) return;
    if (schema['x-expansionResources'] !== undefined) this.checkExpansion(value, at, path);
    if (schema.$ref !== undefined) {
      if (isObject(value)) this.checkNamed(nameOf(schema.$ref), value, at, path);
    } else if (schema.anyOf) {
      if (isObject(value)) this.checkUnion(schema.anyOf, value, at, path);
    } else if (Array.isArray(value)) {
      if (schema.items)
        for (const [index, item] of value.entries()) this.walk(schema.items, item, `${at}/${index}`, path, false);
    } else if (isObject(value) && schema.properties) {
      this.checkProperties(schema.properties, schema, value, at, path, named);
    }
  }

  checkProperties(
    properties: Readonly<Record<string, Schema>>,
    schema: Schema,
    value: Record<string, unknown>,
    at: string,
    path: string,
    named: boolean,
  ): void {
    // Only what has a name, or names itself, is closed; inline details may be more generous than their description.
    const closed = (named || properties.object !== undefined) && schema.additionalProperties === undefined;
    for (const [key, inner] of Object.entries(value)) {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (property) this.walk(property, inner, `${at}/${key}`, path === '' ? key : `${path}.${key}`, false);
      else if (closed) this.violations.push(`${at}: unknown key '${key}'`);
    }
    if (value.object === 'event') this.checkEvent(value, at);
  }

  checkExpansion(value: unknown, at: string, path: string): void {
    const asked = this.expand.has(path);
    if (asked && !isObject(value)) this.violations.push(`${at}: not expanded, though the request asked for '${path}'`);
    if (!asked && isObject(value))
      this.violations.push(`${at}: expanded, though the request did not ask for '${path}'`);
  }

  checkUnion(alternatives: readonly Schema[], value: Record<string, unknown>, at: string, path: string): void {
    const objects = alternatives.filter(({ $ref, type, anyOf }) => $ref !== undefined || type === 'object' || anyOf);
    const fitting = objects.filter((alternative) => describes(alternative, value));
    // An account and a payment source's stub of one share the `object` field; the stub lacks what an account must have.
    const chosen = fitting.find((alternative) => hasRequired(alternative, value)) ?? fitting[0];
    if (chosen) this.walk(chosen, value, at, path, false);
    else this.violations.push(`${at}: no alternative for object '${String(value.object)}'`);
  }

  /** `data.object` is rendered as by a request that expands nothing. */
  checkEvent(event: Record<string, unknown>, at: string): void {
    const subject = isObject(event.data) ? event.data.object : undefined;
    if (!isObject(subject)) return;
    this.violations.push(...validateObject(subject).map((violation) => `${at}/data/object${violation}`));
  }
}

const resolved = (schema: Schema): Schema | undefined =>
  schema.$ref === undefined ? schema : component(nameOf(schema.$ref));

/** Does this alternative of a union speak of this kind of object? A deleted stub is a kind of its own. */
function describes(alternative: Schema, value: Record<string, unknown>): boolean {
  const schema = resolved(alternative);
  if (schema?.anyOf) return schema.anyOf.some((inner) => describes(inner, value));
  const properties = schema?.properties ?? {};
  if (properties.object?.enum?.includes(value.object) === false) return false;
  return (properties.deleted !== undefined) === (value.deleted === true);
}

function hasRequired(alternative: Schema, value: Record<string, unknown>): boolean {
  const schema = resolved(alternative);
  if (schema?.anyOf) return schema.anyOf.some((inner) => describes(inner, value) && hasRequired(inner, value));
  return (schema?.required ?? []).every((key) => Object.hasOwn(value, key));
}

/**
 * Checks one Stripe object by the schema that its `object` field names: a webhook's event, an event's `data.object`.
 *
 * @returns violations, each starting with the JSON pointer of the place
 */
export function validateObject(value: Record<string, unknown>, requestExpand: readonly string[] = []): string[] {
  const examination = new Examination(requestExpand);
  const name = String(value.object);
  examination.checkNamed(value.deleted === true ? `deleted_${name}` : name, value, '', '');
  return examination.violations;
}

function validateError(body: unknown): string[] {
  const examination = new Examination([]);
  examination.checkNamed('error', body, '', '');
  const error = isObject(body) ? body.error : undefined;
  if (isObject(error)) {
    for (const [key, value] of Object.entries(error)) {
      if (value === null) examination.violations.push(`/error/${key}: a key without a value is left out, never null`);
    }
    if (typeof error.message !== 'string') examination.violations.push('/error: must have a message');
    if (error.doc_url !== undefined && error.code === undefined) {
      examination.violations.push('/error/doc_url: only with a code');
    }
  }
  return examination.violations;
}

/** OAuth has its own form of errors, which is not wrapped. */
function validateOAuthError(body: unknown): string[] {
  if (!isObject(body)) return ['the error is not an object'];
  return ['error', 'error_description']
    .filter((key) => typeof body[key] !== 'string')
    .map((key) => `/${key}: must be a string`);
}

/** Bytes, not JSON: a file's contents and its public link. */
const servesBytes = (path: string): boolean =>
  /^\/v1\/files\/[^/]+\/contents$/.test(path) || path.startsWith('/links/');

/**
 * Checks an answer by the description of the API: types, missing and invented keys, enum values, ids that were or were
 * not to be expanded, the shape of errors. Routes of our own (`/evenkeel/…`, `/healthz`) have to answer JSON, and
 * errors in the same shape.
 *
 * @param path           without query
 * @param requestExpand  the request's `expand[]`, as sent
 * @returns violations in words, empty if there are none
 */
export function validateResponse(
  method: string,
  path: string,
  status: number,
  bodyText: string,
  requestExpand: readonly string[],
): string[] {
  if (status < 400 && servesBytes(path)) return [];
  let body: unknown;
  try {
    body = JSON.parse(bodyText);
  } catch {
    return [`not JSON: ${bodyText.slice(0, 200)}`];
  }
  if (status >= 400) return path.startsWith('/oauth/') ? validateOAuthError(body) : validateError(body);
  const operation = operationFor(method, path);
  if (operation) {
    const examination = new Examination(requestExpand);
    // A reference is followed to its schema's own validator, which all operations share.
    if (operation.answer.$ref !== undefined) examination.walk(operation.answer, body, '', '', false);
    else if (operation.answer.anyOf) examination.walk(operation.answer, body, '', '', false);
    else examination.checkWhole(operation.key, operation.answer, body, '', '');
    if (!isObject(body)) examination.violations.push('the answer is not an object');
    return examination.violations;
  }
  return path.startsWith('/v1/') ? [`the API description has no ${method} ${path}`] : [];
}
