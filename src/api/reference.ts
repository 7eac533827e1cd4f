import type { Resource } from '../data/permissions.ts';
import type { Feature } from './feature.ts';
import type { Fields, Param } from './params.ts';
import { Permissions } from './permissions.ts';
import type { Route } from './route.ts';

/** A parameter as the reference lists it: nested ones stand on their own lines. */
interface Line {
  readonly name: string;
  readonly param: Param<unknown>;
}

function linesOf(fields: Fields, within = ''): Line[] {
  return Object.entries(fields).flatMap(([key, param]) => {
    const name = within === '' ? key : `${within}[${key}]`;
    const inner = param.doc.type.startsWith('array')
      ? `${name}[]`
      : param.doc.type.startsWith('hash of')
        ? `${name}[…]`
        : name;
    return [{ name, param }, ...(param.doc.fields ? linesOf(param.doc.fields, inner) : [])];
  });
}

const wireOrder = (a: Route, b: Route): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : a.method > b.method ? 1 : 0;

const routesOf = (features: readonly Feature[]): Route[] =>
  features.flatMap((feature) => feature.routes ?? []).sort(wireOrder);

const isSupported = ({ param }: Line): boolean => param.supported;

function meaning({ param }: Line): string {
  const { doc } = param;
  const words = [doc.type];
  if (doc.choices) words.push(`one of ${doc.choices.map((choice) => `\`${choice}\``).join(', ')}`);
  if (doc.fallback !== undefined) words.push(`\`${doc.fallback}\` by default`);
  if (doc.unsettable) words.push('may be unset by an empty value');
  return words.join('; ');
}

function routeSection(route: Route, permissions: Permissions): string[] {
  const lines = linesOf(route.params.fields);
  const supported = lines.filter(isSupported);
  const refused = lines.filter((line) => !isSupported(line));
  return [
    `### ${route.method} ${route.path}`,
    '',
    route.summary,
    ...reachOf(route, permissions.ofRoute(route)),
    ...(supported.length === 0
      ? []
      : [
          '',
          '| parameter | | |',
          '|---|---|---|',
          ...supported.map(
            (line) => `| \`${line.name}\` | ${line.param.required ? 'required' : ''} | ${meaning(line)} |`,
          ),
        ]),
    ...(refused.length === 0 ? [] : ['', `Refused as not supported: ${names(refused)}.`]),
    ...Object.entries(route.aliases).map(([old, name]) => `\nAlso accepted: \`${old}\` for \`${name}\`.`),
    '',
  ];
}

/** Which keys but secret ones may ask. */
function reachOf(route: Route, resource: Resource | null): string[] {
  if (resource === null) return [];
  const level = route.method === 'GET' ? 'read' : 'write';
  const publishable = route.publishable ? ' Publishable keys may ask.' : '';
  const own = resource === 'connected_account' && route.path.includes('/:account');
  const ofOwn = own ? ` Of the acting account itself: \`account\` ${level}.` : '';
  return ['', `Permission: \`${resource}\` ${level}.${ofOwn}${publishable}`];
}

const names = (lines: readonly Line[]): string => lines.map(({ name }) => `\`${name}\``).join(', ');

/** The API reference as Markdown, one section a feature. Every route also takes `expand`. */
export function reference(features: readonly Feature[]): string {
  const permissions = new Permissions(features);
  return features
    .filter((feature) => (feature.routes ?? []).length > 0)
    .flatMap((feature) => [
      `## ${feature.name}`,
      '',
      ...routesOf([feature]).flatMap((route) => routeSection(route, permissions)),
    ])
    .join('\n');
}

/** The coverage table as Markdown: route, tier, parameters supported and refused. */
export function coverage(features: readonly Feature[]): string {
  return [
    '| route | tier | parameters | refused |',
    '|---|---|---|---|',
    ...routesOf(features).map((route) => {
      const lines = linesOf(route.params.fields);
      const supported = names(lines.filter(isSupported));
      const refused = names(lines.filter((line) => !isSupported(line)));
      return `| ${route.method} \`${route.path}\` | ${route.tier} | ${supported} | ${refused} |`;
    }),
    '',
  ].join('\n');
}
