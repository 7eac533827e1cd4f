import { refuse } from '../kernel/refusal.ts';
import { Refused } from './errors.ts';
import { addValue, newValues, pairsMax, type Values } from './form.ts';
import { Upload } from './upload.ts';

/**
 * Bodies of multipart/form-data (RFC 7578). They arrive whole, and the server bounds them, so this is one pass over a
 * buffer; files are views of it and not copies.
 */

const headersBytesMax = 8 * 1024;
const lineBreak = Buffer.from('\r\n');
const blankLine = Buffer.from('\r\n\r\n');

/** The boundary that a Content-Type names; null when it is of another type. @throws Refused for one without a boundary */
export function boundaryOf(contentType: string | undefined): string | null {
  if (contentType === undefined || !/^multipart\/form-data\b/i.test(contentType)) return null;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw new Refused(refuse('invalid_body'));
  return boundary;
}

interface Part {
  readonly name: string;
  /** Undefined for a plain field. */
  readonly filename?: string;
}

/** What browsers and clients escape within a quoted name. */
const unescaped = (text: string): string =>
  text.replaceAll('\\"', '"').replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');

/** One parameter of a header: `name="x"`. */
function parameterOf(header: string, name: string): string | undefined {
  const [, quoted, bare] = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]*))`, 'i').exec(header) ?? [];
  return quoted === undefined ? bare : unescaped(quoted);
}

function partOf(headers: string): Part | null {
  const disposition = headers.split('\r\n').find((line) => /^content-disposition\s*:\s*form-data\b/i.test(line));
  if (disposition === undefined) return null;
  const name = parameterOf(disposition, 'name');
  const filename = parameterOf(disposition, 'filename');
  if (name === undefined) return null;
  return { name, ...(filename !== undefined && { filename }) };
}

/** Clients send a path where a name is meant, with the separators of their own system. */
const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/**
 * Adds the fields of a body to `values`: a name is read as in a form, a part with a file name becomes an `Upload`.
 *
 * @throws Refused for what is not in this form, or has more parts than anyone means
 */
export function decodeMultipart(body: Buffer, boundary: string, values: Values = newValues()): Values {
  const broken = () => new Refused(refuse('invalid_body'));
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line break before it, unless something stands there that nobody reads.
  const first = delimiter.subarray(2);
  let at = body.subarray(0, first.length).equals(first) ? first.length : body.indexOf(delimiter) + delimiter.length;
  if (at < first.length) throw broken();
  for (let count = 0; ; count++) {
    const after = body.toString('latin1', at, at + 2);
    if (after === '--') return values;
    const start = after === '\r\n' ? at : body.indexOf(lineBreak, at);
    // Blanks may stand behind a delimiter, and nothing else.
    if (start < 0 || body.toString('latin1', at, start).trim() !== '' || count >= pairsMax) throw broken();
    const headersEnd = body.indexOf(blankLine, start);
    if (headersEnd < 0 || headersEnd - start > headersBytesMax) throw broken();
    const part = partOf(body.toString('utf8', start + 2, headersEnd));
    const contents = headersEnd + blankLine.length;
    // An empty part's delimiter begins with the blank line's own end.
    const end = body.indexOf(delimiter, contents - 2);
    if (part === null || end < 0) throw broken();
    const bytes = body.subarray(contents, Math.max(end, contents));
    addValue(
      values,
      part.name,
      part.filename === undefined ? bytes.toString('utf8') : new Upload(bytes, baseName(part.filename) || null),
    );
    at = end + delimiter.length;
  }
}
